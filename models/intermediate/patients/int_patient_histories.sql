with

postings as (

    select * from {{ ref('int_account_postings') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

accounts as (

    select
        claims.patient_key,
        postings.claim_key,
        sum(case when postings.posting_type = 'patient_responsibility_transfer' then postings.amount else 0 end)
            as asked_amount,
        -sum(case when postings.movement in ('patient_payments', 'refunds') then postings.amount else 0 end)
            as paid_amount
    from postings
    inner join claims on postings.claim_key = claims.claim_key
    where
        postings.responsibility = 'patient'
        and claims.patient_key is not null
    group by
        claims.patient_key,
        postings.claim_key

),

final as (

    select
        claim_key,
        patient_key,
        sum(asked_amount) over (partition by patient_key) - asked_amount as other_asked_amount,
        sum(paid_amount) over (partition by patient_key) - paid_amount as other_paid_amount
    from accounts

)

select * from final
