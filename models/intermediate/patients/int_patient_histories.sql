with

accounts as (

    select * from {{ ref('int_patient_payments') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

final as (

    select
        accounts.claim_key,
        claims.patient_key,
        sum(accounts.asked_amount) over (partition by claims.patient_key) - accounts.asked_amount
            as other_asked_amount,
        sum(accounts.paid_amount) over (partition by claims.patient_key) - accounts.paid_amount as other_paid_amount
    from accounts
    inner join claims on accounts.claim_key = claims.claim_key
    where claims.patient_key is not null

)

select * from final
