{{ config(materialized='incremental') }}

with claims as (
    select * from {{ ref('int_claims') }}
),

adjudications as (
    select * from {{ ref('int_adjudications') }}
    where is_latest
),

adjudicated_claims as (
    select * from {{ ref('int_adjudicated_lines') }}
    where line_number = 0
),

pricing_claims as (
    select * from {{ ref('int_pricing_claims') }}
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

contracts as (
    select * from {{ ref('stg_reference__contracts') }}
),

final as (
    select
        claims.claim_key,
        claims.claim_id,
        claims.payer_id,
        adjudicated_claims.adjudication_id,
        priced_claims.unit_id,
        priced_claims.contract_id,
        priced_claims.claim_term_id,
        case when priced_claims.unit_id is null then 'not_billed' else priced_claims.not_priced_reason end
            as not_priced_reason,
        coalesce(pricing_claims.charge_amount, adjudicated_claims.charge_amount) as charge_amount,
        priced_claims.expected_allowed_amount,
        adjudicated_claims.allowed_amount,
        adjudicated_claims.payer_paid_amount,
        adjudicated_claims.patient_responsibility_amount,
        adjudicated_claims.denied_amount,
        contracts.tolerance_amount,
        contracts.tolerance_percent,
        contracts.sequestration_percent,
        contracts.appeal_days,
        -- INTERFACE rule 10: one row where either side is known only as a whole.
        coalesce(priced_claims.is_claim_priced, false) or adjudicated_claims.is_known_only_whole as is_whole,
        coalesce(pricing_claims.service_from_date, claims.service_from_date) as service_date,
        adjudicated_claims.remit_date
    from adjudications
    inner join adjudicated_claims
        on adjudications.adjudication_id = adjudicated_claims.adjudication_id
    inner join claims
        on adjudications.claim_key = claims.claim_key
    left outer join pricing_claims
        on
            pricing_claims.unit_id
            = case when claims.origin = 'remittance' then claims.claim_key else adjudications.submission_id end
    left outer join priced_claims
        on pricing_claims.unit_id = priced_claims.unit_id
    left outer join contracts
        on priced_claims.contract_id = contracts.contract_id
)

select * from final
