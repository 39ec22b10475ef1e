{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with

claims as (

    select * from {{ ref('int_claims') }}

),

claim_lines as (

    select * from {{ ref('int_claim_lines') }}

),

priced_lines as (

    select * from {{ ref('int_priced_lines') }}

),

adjudications as (

    select * from {{ ref('int_adjudications') }}

),

adjudication_lines as (

    select * from {{ ref('int_adjudication_lines') }}

),

-- An answer to an earlier submission says nothing of the lines that now stand.
answered_lines as (

    select
        adjudication_lines.claim_key,
        adjudication_lines.line_number,
        -- One unknown part leaves the whole unknown.
        case
            when count(*) = count(adjudication_lines.allowed_amount) then sum(adjudication_lines.allowed_amount)
        end as allowed_amount,
        sum(adjudication_lines.payer_paid_amount) as payer_paid_amount,
        sum(adjudication_lines.patient_responsibility_amount) as patient_responsibility_amount,
        sum(adjudication_lines.contractual_amount) as contractual_amount,
        sum(adjudication_lines.denied_amount) as denied_amount
    from adjudication_lines
    inner join adjudications
        on adjudication_lines.adjudication_id = adjudications.adjudication_id
            and adjudications.is_latest
    inner join claims
        on adjudications.claim_key = claims.claim_key
            and coalesce(adjudications.submission_id, claims.current_submission_id)
            is not distinct from claims.current_submission_id
    group by
        adjudication_lines.claim_key,
        adjudication_lines.line_number

),

final as (

    select
        claim_lines.claim_key,
        claim_lines.line_number,
        claim_lines.procedure_code,
        claim_lines.modifiers,
        claim_lines.revenue_code,
        priced_lines.term_id,
        priced_lines.not_priced_reason,
        cast(claim_lines.units as decimal(18, 6)) as units,
        cast(claim_lines.charge_amount as decimal(18, 2)) as charge_amount,
        cast(priced_lines.expected_allowed_amount as decimal(18, 2)) as expected_allowed_amount,
        cast(answered_lines.allowed_amount as decimal(18, 2)) as allowed_amount,
        cast(answered_lines.payer_paid_amount as decimal(18, 2)) as payer_paid_amount,
        cast(answered_lines.patient_responsibility_amount as decimal(18, 2)) as patient_responsibility_amount,
        cast(answered_lines.contractual_amount as decimal(18, 2)) as contractual_amount,
        cast(answered_lines.denied_amount as decimal(18, 2)) as denied_amount,
        claim_lines.service_date
    from claim_lines
    inner join claims on claim_lines.claim_key = claims.claim_key
    left join priced_lines
        on claim_lines.line_number = priced_lines.line_number
            and priced_lines.unit_id = case
                when claims.origin = 'remittance' then claims.claim_key
                else claims.current_submission_id
            end
    left join answered_lines
        on claim_lines.claim_key = answered_lines.claim_key
            and claim_lines.line_number = answered_lines.line_number

)

select * from final
