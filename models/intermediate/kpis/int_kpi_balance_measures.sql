with

aging as (

    select * from {{ ref('fct_ar_aging') }}

),

buckets as (

    select * from {{ ref('aging_buckets') }}

),

account_totals as (

    select * from {{ ref('int_account_totals') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

month_ends as (

    select * from {{ ref('int_month_ends') }}

),

debits as (

    select
        aging.as_of_date,
        aging.payer_id,
        sum(aging.balance_amount) as debit_balance,
        sum(case when buckets.is_over_90 then aging.balance_amount else 0 end) as debit_balance_over_90,
        sum(coalesce(aging.expected_contractual_amount, 0)) as expected_contractual
    from aging
    inner join buckets on aging.aging_bucket = buckets.aging_bucket
    group by
        aging.as_of_date,
        aging.payer_id

),

totals as (

    select
        month_ends.as_of_date,
        claims.payer_id,
        sum(account_totals.balance_amount) as ledger_balance,
        -sum(case when account_totals.balance_amount < 0 then account_totals.balance_amount else 0 end)
            as credit_balance
    from account_totals
    inner join month_ends
        on month_ends.as_of_date >= account_totals.from_date
            and month_ends.as_of_date < coalesce(account_totals.until_date, cast('9999-12-31' as date))
    inner join claims on account_totals.claim_key = claims.claim_key
    where account_totals.balance_amount <> 0
    group by
        month_ends.as_of_date,
        claims.payer_id

),

standing as (

    select as_of_date, payer_id from debits
    union
    select as_of_date, payer_id from totals

),

final as (

    select
        month_ends.period_month,
        standing.payer_id,
        coalesce(debits.debit_balance, 0) as debit_balance,
        coalesce(debits.debit_balance_over_90, 0) as debit_balance_over_90,
        coalesce(totals.credit_balance, 0) as credit_balance,
        coalesce(debits.expected_contractual, 0) as expected_contractual,
        coalesce(totals.ledger_balance, 0) - coalesce(debits.expected_contractual, 0) as net_receivable
    from standing
    inner join month_ends on standing.as_of_date = month_ends.as_of_date
    left join debits
        on standing.as_of_date = debits.as_of_date
            and standing.payer_id = debits.payer_id
    left join totals
        on standing.as_of_date = totals.as_of_date
            and standing.payer_id = totals.payer_id

)

select * from final
