-- Asked of everything, every time: what a refresh of changes forgot would be missing from one of two sums.
with

ledger as (

    select
        sum(amount) as balance_amount,
        sum(case when posting_type = 'payer_payment' and posting_event in ('adjudication', 'reversal') then -amount end)
            as remitted_amount,
        sum(case when posting_event = 'transaction' then amount end) as transaction_amount
    from {{ ref('fct_account_ledger') }}

),

claims as (

    select
        claim_key,
        balance_amount
    from {{ ref('fct_claims') }}
    where is_in_ledger

),

balances as (

    select sum(balance_amount) as balance_amount
    from claims

),

remitted as (

    select sum(adjudications.payer_paid_amount) as remitted_amount
    from {{ ref('int_adjudications') }} as adjudications
    inner join claims on adjudications.claim_key = claims.claim_key
    where not adjudications.is_duplicate and not adjudications.is_pretend

),

transacted as (

    select
        sum(case
            when transactions.transaction_type in ('patient_refund', 'payer_refund') then transactions.amount
            else -transactions.amount
        end) as transaction_amount
    from {{ ref('int_transactions') }} as transactions
    inner join claims on transactions.claim_key = claims.claim_key
    where transactions.responsibility is not null

)

select
    ledger.*,
    balances.balance_amount as claim_balance_amount,
    remitted.remitted_amount as adjudicated_amount,
    transacted.transaction_amount as transacted_amount
from ledger
cross join balances
cross join remitted
cross join transacted
where
    coalesce(ledger.balance_amount, 0) <> coalesce(balances.balance_amount, 0)
    or coalesce(ledger.remitted_amount, 0) <> coalesce(remitted.remitted_amount, 0)
    or coalesce(ledger.transaction_amount, 0) <> coalesce(transacted.transaction_amount, 0)
