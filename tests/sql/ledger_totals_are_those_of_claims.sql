-- Asked of everything, every time: what a refresh of changes forgot would be missing from one of two sums.
with

ledger as (

    select
        sum(amount) as balance_amount,
        sum(case when posting_event = 'submission' then amount end) as charge_amount,
        sum(case when posting_type = 'payer_payment' then -amount end) as payer_paid_amount,
        sum(case when posting_type = 'payer_payment' and posting_event in ('adjudication', 'reversal') then -amount end)
            as remitted_amount,
        sum(case when posting_event = 'transaction' then amount end) as transaction_amount
    from {{ ref('fct_account_ledger') }}

),

-- Beside what is open, what was billed and paid: most claims are settled, and would not be missed by their balance.
claims as (

    select
        sum(balance_amount) as balance_amount,
        sum(charge_amount) as charge_amount,
        sum(payer_paid_amount) as payer_paid_amount
    from {{ ref('fct_claims') }}
    where is_in_ledger

),

-- Few: the answers and transactions of all others are added up without meeting their claims.
outside as (

    select claim_key
    from {{ ref('fct_claims') }}
    where not is_in_ledger

),

remitted as (

    select sum(adjudications.payer_paid_amount) as remitted_amount
    from {{ ref('int_adjudications') }} as adjudications
    left join outside on adjudications.claim_key = outside.claim_key
    where
        outside.claim_key is null
        and not adjudications.is_duplicate
        and not adjudications.is_pretend

),

transacted as (

    select
        sum(case
            when transactions.transaction_type in ('patient_refund', 'payer_refund') then transactions.amount
            else -transactions.amount
        end) as transaction_amount
    from {{ ref('int_transactions') }} as transactions
    left join outside on transactions.claim_key = outside.claim_key
    where
        outside.claim_key is null
        and transactions.claim_key is not null
        and transactions.responsibility is not null

)

select
    ledger.*,
    claims.balance_amount as claim_balance_amount,
    claims.charge_amount as claim_charge_amount,
    claims.payer_paid_amount as claim_paid_amount,
    remitted.remitted_amount as adjudicated_amount,
    transacted.transaction_amount as transacted_amount
from ledger
cross join claims
cross join remitted
cross join transacted
where
    coalesce(ledger.balance_amount, 0) <> coalesce(claims.balance_amount, 0)
    or coalesce(ledger.charge_amount, 0) <> coalesce(claims.charge_amount, 0)
    or coalesce(ledger.payer_paid_amount, 0) <> coalesce(claims.payer_paid_amount, 0)
    or coalesce(ledger.remitted_amount, 0) <> coalesce(remitted.remitted_amount, 0)
    or coalesce(ledger.transaction_amount, 0) <> coalesce(transacted.transaction_amount, 0)
