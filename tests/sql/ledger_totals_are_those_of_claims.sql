-- Asked of everything, every time: a claim that a refresh of changes forgot would be missing from one of the two.
with

ledger as (

    select
        sum(amount) as balance_amount,
        sum(case when posting_type = 'payer_payment' then -amount else 0 end) as payer_paid_amount,
        sum(case when posting_type = 'patient_payment' then -amount else 0 end) as patient_paid_amount
    from {{ ref('fct_account_ledger') }}

),

claims as (

    select
        sum(balance_amount) as balance_amount,
        sum(payer_paid_amount) as payer_paid_amount,
        sum(patient_paid_amount) as patient_paid_amount
    from {{ ref('fct_claims') }}
    where is_in_ledger

)

select
    ledger.balance_amount,
    claims.balance_amount as claim_balance_amount,
    ledger.payer_paid_amount,
    claims.payer_paid_amount as claim_payer_paid_amount,
    ledger.patient_paid_amount,
    claims.patient_paid_amount as claim_patient_paid_amount
from ledger
cross join claims
where
    coalesce(ledger.balance_amount, 0) <> coalesce(claims.balance_amount, 0)
    or coalesce(ledger.payer_paid_amount, 0) <> coalesce(claims.payer_paid_amount, 0)
    or coalesce(ledger.patient_paid_amount, 0) <> coalesce(claims.patient_paid_amount, 0)
