-- Each month's closing is that month end's aged debit balances plus the balances below zero, class by class.
with

month_ends as (

    select * from {{ ref('int_month_ends') }}

),

debits as (

    select
        month_ends.period_month,
        coalesce(aging.payer_class, 'other') as payer_class,
        aging.balance_amount as amount
    from {{ ref('fct_ar_aging') }} as aging
    inner join month_ends on aging.as_of_date = month_ends.as_of_date

),

credits as (

    select
        month_ends.period_month,
        coalesce(claims.payer_class, 'other') as payer_class,
        account_balances.balance_amount as amount
    from {{ ref('int_account_balances') }} as account_balances
    inner join {{ ref('fct_claims') }} as claims on account_balances.claim_key = claims.claim_key
    inner join month_ends
        on month_ends.as_of_date >= account_balances.from_date
            and month_ends.as_of_date < coalesce(account_balances.until_date, cast('9999-12-31' as date))
    where account_balances.balance_amount < 0

),

balances as (

    select
        both_sides.period_month,
        both_sides.payer_class,
        sum(both_sides.amount) as amount
    from (
        select * from debits
        union all
        select * from credits
    ) as both_sides
    group by
        both_sides.period_month,
        both_sides.payer_class

)

select
    rollforward.period_month,
    rollforward.payer_class,
    rollforward.closing,
    balances.amount
from {{ ref('fct_ar_rollforward') }} as rollforward
full outer join balances
    on rollforward.period_month = balances.period_month
        and rollforward.payer_class = balances.payer_class
where coalesce(rollforward.closing, 0) <> coalesce(balances.amount, 0)
