{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with

adjudications as (

    select * from {{ ref('int_adjudications') }}
    where not is_reversal and not is_duplicate and not is_pretend

),

shares as (

    select * from {{ ref('int_adjudication_shares') }}

),

claims as (

    select * from {{ ref('int_claims') }}
    where origin = 'claim'

),

priced_claims as (

    select * from {{ ref('int_priced_claims') }}

),

contracts as (

    select * from {{ ref('stg_reference__contracts') }}

),

answered as (

    select
        claim_key,
        max(case when is_first then adjudication_id end) as first_adjudication_id,
        min(case when payer_paid_amount > 0 then remit_date end) as first_payment_date
    from adjudications
    where payer_role = 'primary_payer'
    group by claim_key

),

final as (

    select
        answered.claim_key,
        claims.payer_id,
        claims.first_submitted_date,
        contracts.prompt_pay_days,
        first_answers.remit_date as first_remit_date,
        first_answers.charge_amount,
        first_answers.payer_paid_amount,
        coalesce(first_answers.allowed_amount, first_answers.payer_paid_amount) as allowed_amount,
        coalesce(shares.denial_class_amount, 0) as denied_amount,
        answered.first_payment_date
    from answered
    inner join claims on answered.claim_key = claims.claim_key
    left join adjudications as first_answers on answered.first_adjudication_id = first_answers.adjudication_id
    left join shares on answered.first_adjudication_id = shares.adjudication_id
    left join priced_claims on claims.current_submission_id = priced_claims.unit_id
    left join contracts on priced_claims.contract_id = contracts.contract_id

)

select * from final
