{{ config(materialized='ephemeral') }}

-- Another reduction of further procedures of a day, or none, on lines whose reduction the payer chose by its own
-- ranking; and CO-59, which says in the remittance that it reduced.
with differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

by_whole as (
    select * from {{ ref('int_whole_rank_alternatives') }}
),

adjustments as (
    select * from {{ ref('int_adjustments') }}
    where reason_code = '59'
),

answered_lines as (
    select * from {{ ref('int_answered_lines') }}
),

reductions as (
    select * from {{ ref('multiple_procedure_reductions') }}
),

-- Only where another procedure of the same day and provider could have taken the first rank.
companions as (
    select
        differing_lines.claim_key,
        differing_lines.line_number,
        count(*) as companion_count
    from differing_lines
    inner join pricing_lines
        on
            differing_lines.unit_id = pricing_lines.unit_id
            and differing_lines.line_number <> pricing_lines.line_number
            and coalesce(differing_lines.rendering_npi, '') = coalesce(pricing_lines.rendering_npi, '')
            and differing_lines.service_date = coalesce(pricing_lines.service_date, differing_lines.service_date)
            and pricing_lines.procedure_code is not null
    where differing_lines.procedure_code is not null and differing_lines.method <> 'per_diem'
    group by differing_lines.claim_key, differing_lines.line_number
),

by_percent as (
    select
        differing_lines.claim_key,
        differing_lines.line_number,
        case
            when reductions.percent = 100 then 'the price without the contract''s multiple-procedure reduction'
            else 'the price at ' || cast(cast(reductions.percent as integer) as varchar)
                || '% as a further procedure of the day'
        end as alternative,
        least(
            cast(
                round(cast(differing_lines.modified_amount as decimal(28, 10)) * reductions.percent * 0.01, 2)
                as decimal(18, 2)
            ),
            case differing_lines.lesser_of when 'line' then differing_lines.charge_amount else 999999999999 end
        ) as alternative_amount,
        false as is_evidence
    from differing_lines
    inner join companions
        on
            differing_lines.claim_key = companions.claim_key
            and differing_lines.line_number = companions.line_number
    cross join reductions
    where
        differing_lines.modified_amount is not null
        and coalesce(differing_lines.multiple_procedure_percent, 100) <> reductions.percent
),

reported as (
    select
        adjustments.adjudication_id,
        answered_lines.line_number,
        sum(adjustments.amount) as amount
    from adjustments
    inner join answered_lines
        on
            adjustments.adjudication_id = answered_lines.adjudication_id
            and adjustments.service_number = answered_lines.service_number
    group by adjustments.adjudication_id, answered_lines.line_number
),

-- A reduction the contract has is no evidence unless its amount is just what is missing.
by_reason as (
    select
        differing_lines.claim_key,
        differing_lines.line_number,
        'expected less the multiple-procedure reduction reported (reason 59)' as alternative,
        cast(differing_lines.expected_allowed_amount - reported.amount as decimal(18, 2)) as alternative_amount,
        true as is_evidence
    from differing_lines
    inner join reported
        on
            differing_lines.adjudication_id = reported.adjudication_id
            and differing_lines.line_number = reported.line_number
    where
        reported.amount > 0
        and (
            coalesce(differing_lines.multiple_procedure_percent, 100) = 100
            or differing_lines.expected_allowed_amount - reported.amount = differing_lines.allowed_amount
        )
),

stacked as (
    select * from by_percent
    union all
    select * from by_whole
    union all
    select * from by_reason
),

final as (
    select
        claim_key,
        line_number,
        'multiple_procedure_reduction' as root_cause,
        alternative,
        alternative_amount,
        is_evidence
    from stacked
)

select * from final
