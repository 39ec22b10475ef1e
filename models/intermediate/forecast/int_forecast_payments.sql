{{ config(materialized='incremental', meta={'scope': 'account'}) }}

with

postings as (

    select * from {{ ref('int_account_postings') }}

),

claims as (

    select * from {{ ref('int_forecast_claims') }}

),

final as (

    select
        postings.claim_key,
        claims.payer_class,
        claims.charged_date,
        claims.first_answer_date,
        postings.movement = 'patient_payments' as is_patient_payment,
        cast(-sum(postings.amount) as decimal(18, 2)) as paid_amount,
        postings.posted_date as paid_date
    from postings
    inner join claims on postings.claim_key = claims.claim_key
    where postings.movement in ('payer_payments', 'patient_payments')
    group by
        postings.claim_key,
        claims.payer_class,
        claims.charged_date,
        claims.first_answer_date,
        postings.movement = 'patient_payments',
        postings.posted_date

)

select * from final
