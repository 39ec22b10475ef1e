{{ config(meta={'scope': none}) }}

-- Terms of which our own rate is probably wrong: one ratio of allowed to expected on nearly all adjudicated lines,
-- none as expected. The common ratio is the median; a line shows it within its rounding to cents and a slack.
with variances as (
    select * from {{ ref('int_variances') }}
    where variance_class in ('underpaid', 'overpaid', 'as_expected') and expected_allowed_amount > 0
),

ratios as (
    select
        contract_id,
        term_id,
        variance_class,
        expected_allowed_amount,
        allowed_amount,
        row_number() over (
            partition by contract_id, term_id
            order by cast(allowed_amount as double) / cast(expected_allowed_amount as double), claim_key, line_number
        ) as ratio_rank,
        count(*) over (partition by contract_id, term_id) as line_count
    from variances
    where term_id is not null
),

medians as (
    select
        contract_id,
        term_id,
        cast(cast(allowed_amount as double) / cast(expected_allowed_amount as double) as decimal(18, 6)) as ratio
    from ratios
    where ratio_rank = floor((line_count + 1) * 0.5)
),

counted as (
    select
        ratios.contract_id,
        ratios.term_id,
        medians.ratio,
        count(*) as line_count,
        sum(case when ratios.variance_class = 'as_expected' then 1 else 0 end) as as_expected_count,
        sum(case when {{ shows_ratio('ratios', 'medians.ratio') }} then 1 else 0 end) as ratio_count
    from ratios
    inner join medians
        on
            ratios.contract_id = medians.contract_id
            and ratios.term_id = medians.term_id
    group by ratios.contract_id, ratios.term_id, medians.ratio
),

final as (
    select
        contract_id,
        term_id,
        ratio,
        cast(line_count as integer) as line_count,
        cast(ratio_count as integer) as ratio_count
    from counted
    where
        as_expected_count = 0
        and ratio_count >= {{ variance_setting('load_suspect_least_lines') }}
        and ratio_count * 100 >= line_count * {{ variance_setting('load_suspect_least_percent') }}
)

select * from final
