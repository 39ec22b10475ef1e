{{ config(materialized='incremental', meta={'scope': 'account'}) }}

with

postings as (

    select * from {{ ref('int_account_postings') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

first_owed as (

    select * from {{ ref('int_patient_first_owed') }}

),

accounts as (

    select
        claim_key,
        sum(case when posting_type = 'patient_responsibility_transfer' then amount else 0 end) as asked_amount,
        -sum(case when movement in ('patient_payments', 'refunds') then amount else 0 end) as paid_amount
    from postings
    where responsibility = 'patient'
    group by claim_key

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
