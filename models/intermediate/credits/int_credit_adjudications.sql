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

reversed as (

    select
        reversals.reversed_adjudication_id,
        posted.posted_date as reversed_date
    from reversals
    inner join posted on reversals.reversal_id = posted.adjudication_id

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
        not posted.is_reversal and reversed.reversed_date is null as is_standing
    from posted
    inner join credit_accounts
        on posted.claim_key = credit_accounts.claim_key
            and posted.posted_date <= credit_accounts.as_of_date
    left join reversed
        on posted.adjudication_id = reversed.reversed_adjudication_id
            and reversed.reversed_date <= credit_accounts.as_of_date

)

select * from final
