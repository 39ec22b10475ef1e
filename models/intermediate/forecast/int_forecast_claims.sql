{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with

claims as (

    select * from {{ ref('int_claims') }}

),

charge_postings as (

    select * from {{ ref('int_charge_postings') }}

),

events as (

    select * from {{ ref('int_adjudication_events') }}

),

charges as (

    select
        claim_key,
        min(posted_date) as charged_date,
        cast(sum(amount) as decimal(18, 2)) as charge_amount
    from charge_postings
    group by claim_key

),

first_answers as (

    select
        claim_key,
        min(posted_date) as first_answer_date
    from events
    where payer_role = 'primary_payer'
    group by claim_key

),

final as (

    select
        charges.claim_key,
        claims.payer_class,
        charges.charge_amount,
        charges.charged_date,
        first_answers.first_answer_date
    from charges
    inner join claims on charges.claim_key = claims.claim_key
    left join first_answers on charges.claim_key = first_answers.claim_key

)

select * from final
