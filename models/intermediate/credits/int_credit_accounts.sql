with

account_totals as (

    select * from {{ ref('int_account_totals') }}

),

claim_totals as (

    select * from {{ ref('int_claim_totals') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

in_credit as (

    select
        claim_key,
        -balance_amount as credit_amount
    from account_totals
    where
        until_date is null
        and balance_amount < 0

),

-- The stretch that still lasts: from the first day in credit after the last one that was not.
last_settled as (

    select
        account_totals.claim_key,
        max(account_totals.from_date) as last_settled_date
    from account_totals
    inner join in_credit on account_totals.claim_key = in_credit.claim_key
    where account_totals.balance_amount >= 0
    group by account_totals.claim_key

),

credit_since as (

    select
        account_totals.claim_key,
        min(account_totals.from_date) as credit_since_date
    from account_totals
    inner join in_credit on account_totals.claim_key = in_credit.claim_key
    left join last_settled on account_totals.claim_key = last_settled.claim_key
    where
        last_settled.last_settled_date is null
        or account_totals.from_date > last_settled.last_settled_date
    group by account_totals.claim_key

),

final as (

    select
        in_credit.claim_key,
        claims.claim_id,
        claims.payer_id,
        claims.secondary_payer_id,
        claims.patient_key,
        case
            when claim_totals.primary_balance_amount
                <= least(claim_totals.secondary_balance_amount, claim_totals.patient_balance_amount)
                then 'primary_payer'
            when claim_totals.secondary_balance_amount <= claim_totals.patient_balance_amount then 'secondary_payer'
            else 'patient'
        end as credit_responsibility,
        in_credit.credit_amount,
        credit_since.credit_since_date,
        last_settled.last_settled_date
    from in_credit
    inner join claims on in_credit.claim_key = claims.claim_key
    inner join claim_totals on in_credit.claim_key = claim_totals.claim_key
    inner join credit_since on in_credit.claim_key = credit_since.claim_key
    left join last_settled on in_credit.claim_key = last_settled.claim_key

)

select * from final
