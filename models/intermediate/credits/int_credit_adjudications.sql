{{ config(meta={'list': 'credit'}) }}

with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

posted as (

    select * from {{ ref('int_posted_adjudications') }}

),

reversals as (

    select * from {{ ref('int_adjudication_reversals') }}

),

final as (

    select
        credit_accounts.as_of_date,
        posted.claim_key,
        posted.adjudication_id,
        posted.payer_id,
        posted.payer_role,
        posted.responsibility,
        posted.status_code,
        posted.payer_claim_control_number,
        posted.payer_paid_amount,
        posted.posted_date,
        posted.is_reversal,
        not posted.is_reversal and reversals.reversed_date is null as is_standing
    from posted
    inner join credit_accounts
        on posted.claim_key = credit_accounts.claim_key
            and posted.posted_date <= credit_accounts.as_of_date
    left join reversals
        on posted.adjudication_id = reversals.reversed_adjudication_id
            and reversals.reversed_date <= credit_accounts.as_of_date

)

select * from final
