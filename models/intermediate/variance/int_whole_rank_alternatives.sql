{{ config(materialized='ephemeral') }}

-- A claim known only as a whole, whose price is the sum of its lines: those the contract ranks, or all procedures where
-- it ranks none.
with differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

reductions as (
    select * from {{ ref('multiple_procedure_reductions') }}
),

whole_lines as (
    select
        differing_lines.claim_key,
        differing_lines.charge_amount as claim_charge_amount,
        differing_lines.is_capped_by_contract,
        pricing_lines.line_number,
        pricing_lines.rendering_npi,
        pricing_lines.service_date,
        priced_lines.modified_amount,
        priced_lines.line_amount,
        case priced_lines.lesser_of when 'line' then pricing_lines.charge_amount else 999999999999 end
            as highest_amount,
        pricing_lines.procedure_code is not null
        and priced_lines.modified_amount is not null
        and priced_lines.method <> 'per_diem'
        and (
            priced_lines.multiple_procedure_rank is not null
            or max(priced_lines.multiple_procedure_rank) over (partition by differing_lines.claim_key) is null
        ) as takes_rank
    from differing_lines
    inner join priced_claims
        on differing_lines.unit_id = priced_claims.unit_id
    inner join pricing_lines
        on differing_lines.unit_id = pricing_lines.unit_id
    left outer join priced_lines
        on
            pricing_lines.unit_id = priced_lines.unit_id
            and pricing_lines.line_number = priced_lines.line_number
    where
        differing_lines.line_number = 0
        and priced_claims.claim_scoped_term_id is null
        and coalesce(priced_claims.claim_term_id, '') <> 'stop_loss'
),

ranked_lines as (
    select
        *,
        row_number() over (
            partition by claim_key, takes_rank, coalesce(rendering_npi, ''), service_date
            order by modified_amount desc, line_number asc
        ) as procedure_rank
    from whole_lines
),

line_alternatives as (
    select
        ranked_lines.*,
        reductions.percent,
        cast(ranked_lines.modified_amount as decimal(28, 10))
        * case ranked_lines.procedure_rank when 1 then 100 else reductions.percent end * 0.01 as reduced_amount
    from ranked_lines
    cross join reductions
),

-- A line without an amount leaves the sum unknown.
whole_by_percent as (
    select
        claim_key,
        percent,
        min(case when is_capped_by_contract then claim_charge_amount end) as claim_highest_amount,
        cast(
            sum(case when takes_rank then least(round(reduced_amount, 2), highest_amount) else line_amount end)
            as decimal(18, 2)
        ) as alternative_amount
    from line_alternatives
    group by claim_key, percent
    having
        max(case when takes_rank then procedure_rank end) > 1
        and count(*) = count(line_amount)
),

final as (
    select
        claim_key,
        0 as line_number,
        case
            when percent = 100 then 'the price without the contract''s multiple-procedure reduction'
            else 'the price with further procedures of a day at ' || cast(cast(percent as integer) as varchar) || '%'
        end as alternative,
        least(alternative_amount, coalesce(claim_highest_amount, alternative_amount)) as alternative_amount,
        false as is_evidence
    from whole_by_percent
)

select * from final
