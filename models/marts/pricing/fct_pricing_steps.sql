{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

-- Of a claim's submissions the one the payer answered is explained, since that is what was compared; else the newest.
with steps as (
    select * from {{ ref('int_pricing_steps') }}
),

claims as (
    select * from {{ ref('int_claims') }}
),

compared_claims as (
    select * from {{ ref('int_compared_claims') }}
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

explained as (
    select
        claims.claim_key,
        coalesce(
            compared_claims.unit_id,
            case when claims.origin = 'remittance' then claims.claim_key else claims.current_submission_id end
        ) as unit_id
    from claims
    left outer join compared_claims
        on claims.claim_key = compared_claims.claim_key
),

final as (
    select
        explained.claim_key,
        steps.line_number,
        steps.step_number,
        priced_claims.contract_id,
        steps.rule,
        steps.clause,
        steps.inputs,
        steps.amount_before,
        steps.amount_after
    from steps
    inner join explained
        on steps.unit_id = explained.unit_id
    inner join priced_claims
        on steps.unit_id = priced_claims.unit_id
)

select * from final
