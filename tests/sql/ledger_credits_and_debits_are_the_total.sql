-- Accounts in credit and accounts in debit add up to the ledger: no account is in both lists or in neither.
{{ config(meta={'scope': 'account'}) }}
with

accounts as (

    select
        claim_key,
        sum(amount) as balance_amount
    from {{ ref('fct_account_ledger') }}
    group by claim_key

),

credits as (

    select * from {{ ref('fct_credit_balances') }}

)

select
    accounts.claim_key,
    credits.claim_key as credit_claim_key,
    accounts.balance_amount,
    credits.credit_amount
from accounts
full outer join credits on accounts.claim_key = credits.claim_key
where
    (accounts.balance_amount < 0 and coalesce(credits.credit_amount, 0) <> -accounts.balance_amount)
    or (credits.claim_key is not null and coalesce(accounts.balance_amount, 0) >= 0)
