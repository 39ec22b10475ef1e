{{ config(materialized='incremental', meta={'scope': 'account'}) }}

with

claims as (

    select * from {{ ref('int_claims') }}
    where is_in_ledger

),

claim_totals as (

    select * from {{ ref('int_claim_totals') }}

),

answers as (

    select * from {{ ref('int_claim_answers') }}

),

priced_claims as (

    select * from {{ ref('int_priced_claims') }}

),

final as (

    select
        claims.claim_key,
        claims.payer_class,
        coalesce(answers.is_answered, false) as is_answered,
        claim_totals.charge_amount,
        claim_totals.contractual_amount,
        cast(case
            when priced_claims.expected_allowed_amount is not null
                then greatest(claim_totals.charge_amount - priced_claims.expected_allowed_amount, 0)
        end as decimal(18, 2)) as expected_contractual_amount
    from claims
    inner join claim_totals on claims.claim_key = claim_totals.claim_key
    left join answers on claims.claim_key = answers.claim_key
    left join priced_claims on claims.current_submission_id = priced_claims.unit_id

)

select * from final
