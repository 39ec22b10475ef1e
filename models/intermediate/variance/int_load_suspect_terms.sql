{{ config(meta={'scope': none}) }}

-- Terms of which our own rate is probably wrong: one ratio of allowed to expected on nearly all adjudicated lines,
-- none as expected. The common ratio is the median; a line shows it within its rounding to cents and a slack.
-- Read twice, the second time for few terms (`not materialized`).
with variances as not materialized (
    select * from {{ ref('int_variances') }}
    where
        variance_class in ('underpaid', 'overpaid', 'as_expected')
        and expected_allowed_amount > 0
        and term_id is not null
),

-- Few, so that few lines are put in order.
differing_terms as (
    select
        contract_id,
        term_id,
        count(*) as line_count
    from variances
    group by contract_id, term_id
    having
        sum(case when variance_class = 'as_expected' then 1 else 0 end) = 0
        and count(*) >= {{ variance_setting('load_suspect_least_lines') }}
),

ratios as (
    select
        variances.contract_id,
        variances.term_id,
        variances.expected_allowed_amount,
        variances.allowed_amount,
        differing_terms.line_count,
        row_number() over (
            partition by variances.contract_id, variances.term_id
            order by
                cast(variances.allowed_amount as double) / cast(variances.expected_allowed_amount as double),
                variances.claim_key,
                variances.line_number
        ) as ratio_rank
    from variances
    inner join differing_terms
        on
            variances.contract_id = differing_terms.contract_id
            and variances.term_id = differing_terms.term_id
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
        ratio_count >= {{ variance_setting('load_suspect_least_lines') }}
        and ratio_count * 100 >= line_count * {{ variance_setting('load_suspect_least_percent') }}
)

select * from final
