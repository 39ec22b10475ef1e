{{ config(meta={'list': 'credit'}) }}

with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

credit_postings as (

    select * from {{ ref('int_credit_postings') }}

),

payable_amounts as (

    select * from {{ ref('int_credit_payable_amounts') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

account_balances as (

    select * from {{ ref('int_account_balances') }}

),

accounts as (

    select
        credit_accounts.patient_key,
        credit_accounts.credit_amount,
        payable_amounts.payable_amount,
        credit_postings.*
    from credit_accounts
    inner join credit_postings
        on credit_accounts.claim_key = credit_postings.claim_key
            and credit_accounts.as_of_date = credit_postings.as_of_date
    inner join payable_amounts
        on credit_accounts.claim_key = payable_amounts.claim_key
            and credit_accounts.as_of_date = payable_amounts.as_of_date

),

charge_correction as (

    select
        as_of_date,
        claim_key,
        'charge_correction' as cause,
        charges_taken_off_amount as evidence_amount
    from accounts
    where charges_taken_off_amount >= credit_amount

),

-- Nobody paid more than was to be paid, and with what was written off the account is in credit all the same.
excess_adjustment as (

    select
        as_of_date,
        claim_key,
        'excess_adjustment' as cause,
        adjusted_by_hand_amount as evidence_amount
    from accounts
    where (paid_amount <= payable_amount and (adjusted_amount > 0 or adjusted_by_hand_amount > 0))
        or (payable_amount is null and adjusted_by_hand_amount >= credit_amount)

),

-- The same patient owes to the cent, on another account, what was paid too much here. Its own share paid once more
-- is no such payment: copayments of one amount meet by chance.
owed_elsewhere as (

    select distinct
        accounts.as_of_date,
        accounts.claim_key
    from accounts
    inner join claims
        on accounts.patient_key = claims.patient_key
            and accounts.claim_key <> claims.claim_key
    inner join account_balances
        on claims.claim_key = account_balances.claim_key
            and account_balances.responsibility = 'patient'
            and accounts.credit_amount = account_balances.balance_amount
            and accounts.as_of_date >= account_balances.from_date
            and accounts.as_of_date < coalesce(account_balances.until_date, cast('9999-12-31' as date))
    where
        accounts.patient_balance < 0
        and accounts.patient_paid_amount >= accounts.credit_amount
        and accounts.credit_amount <> coalesce(accounts.patient_share_amount, 0)

),

misposted_payment as (

    select
        accounts.as_of_date,
        accounts.claim_key,
        'misposted_payment' as cause,
        greatest(
            accounts.payer_paid_by_hand_amount,
            case when owed_elsewhere.claim_key is null then 0 else accounts.credit_amount end
        ) as evidence_amount
    from accounts
    left join owed_elsewhere
        on accounts.claim_key = owed_elsewhere.claim_key
            and accounts.as_of_date = owed_elsewhere.as_of_date
    where
        accounts.payer_paid_by_hand_amount >= accounts.credit_amount
        or owed_elsewhere.claim_key is not null

),

patient_overpayment as (

    select
        as_of_date,
        claim_key,
        'patient_overpayment' as cause,
        -patient_balance as evidence_amount
    from accounts
    where
        patient_balance < 0
        and patient_paid_amount > 0

),

final as (

    select * from charge_correction
    union all
    select * from excess_adjustment
    union all
    select * from misposted_payment
    union all
    select * from patient_overpayment

)

select * from final
