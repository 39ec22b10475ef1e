with

accounts as (

    select * from {{ ref('int_patient_payments') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

final as (

    select
        claims.patient_key,
        cast(sum(accounts.asked_amount) as decimal(18, 2)) as asked_amount,
        cast(sum(accounts.paid_amount) as decimal(18, 2)) as paid_amount
    from accounts
    inner join claims on accounts.claim_key = claims.claim_key
    where claims.patient_key is not null
    group by claims.patient_key

)

select * from final
