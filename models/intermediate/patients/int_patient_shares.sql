{{ config(materialized='incremental', meta={'scope': 'account'}) }}

with

accounts as (

    select * from {{ ref('int_patient_payments') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

first_owed as (

    select * from {{ ref('int_patient_first_owed') }}

),

final as (

    select
        accounts.claim_key,
        case when claims.payer_class = 'self_pay' then 'self_pay' else 'insured' end as coverage,
        accounts.asked_amount,
        least(greatest(accounts.paid_amount, 0), accounts.asked_amount) as paid_amount,
        first_owed.first_owed_date
    from accounts
    inner join first_owed on accounts.claim_key = first_owed.claim_key
    inner join claims on accounts.claim_key = claims.claim_key
    where accounts.asked_amount > 0

)

select * from final
