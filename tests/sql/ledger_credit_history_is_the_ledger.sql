-- At every month end each account below zero is a credit with one cause and owner, and no other account is; the last
-- day's credits are the credit balances.
with

month_ends as (

    select * from {{ ref('int_month_ends') }}

),

below_zero as (

    select
        month_ends.as_of_date,
        account_totals.claim_key,
        -account_totals.balance_amount as credit_amount
    from {{ ref('int_account_totals') }} as account_totals
    inner join month_ends
        on month_ends.as_of_date >= account_totals.from_date
            and month_ends.as_of_date < coalesce(account_totals.until_date, cast('9999-12-31' as date))
    where account_totals.balance_amount < 0

),

history as (

    select
        as_of_date,
        claim_key,
        credit_amount,
        cause,
        owner
    from {{ ref('fct_credit_history') }}

),

today as (

    select
        as_of.as_of_date,
        credit_balances.claim_key,
        credit_balances.cause,
        credit_balances.owner
    from {{ ref('fct_credit_balances') }} as credit_balances
    cross join {{ ref('int_as_of') }} as as_of

)

select
    below_zero.claim_key,
    history.claim_key as history_claim_key,
    below_zero.credit_amount,
    history.credit_amount as history_credit_amount
from below_zero
full outer join history
    on below_zero.claim_key = history.claim_key
        and below_zero.as_of_date = history.as_of_date
left join today
    on history.claim_key = today.claim_key
        and history.as_of_date = today.as_of_date
where
    coalesce(below_zero.credit_amount, 0) <> coalesce(history.credit_amount, 0)
    or history.cause <> today.cause
    or history.owner <> today.owner
