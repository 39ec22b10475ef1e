with

aging as (

    select * from {{ ref('fct_ar_aging') }}

),

buckets as (

    select * from {{ ref('aging_buckets') }}

),

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

posting_months as (

    select * from {{ ref('int_posting_months') }}

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

credits as (

    select
        as_of_date,
        payer_id,
        sum(credit_amount) as credit_balance
    from credit_accounts
    group by
        as_of_date,
        payer_id

),

-- What was posted up to a month's end is the balance of that day: nothing is known of the days after the last.
totals as (

    select
        month_ends.as_of_date,
        posting_months.payer_id,
        sum(posting_months.amount) as ledger_balance
    from posting_months
    inner join month_ends on posting_months.period_month <= month_ends.period_month
    group by
        month_ends.as_of_date,
        posting_months.payer_id

),

standing as (

    select as_of_date, payer_id from debits
    union
    select as_of_date, payer_id from credits

),

final as (

    select
        month_ends.period_month,
        standing.payer_id,
        coalesce(debits.debit_balance, 0) as debit_balance,
        coalesce(debits.debit_balance_over_90, 0) as debit_balance_over_90,
        coalesce(credits.credit_balance, 0) as credit_balance,
        coalesce(debits.expected_contractual, 0) as expected_contractual,
        coalesce(totals.ledger_balance, 0) - coalesce(debits.expected_contractual, 0) as net_receivable
    from standing
    inner join month_ends on standing.as_of_date = month_ends.as_of_date
    left join debits
        on standing.as_of_date = debits.as_of_date
            and standing.payer_id = debits.payer_id
    left join credits
        on standing.as_of_date = credits.as_of_date
            and standing.payer_id = credits.payer_id
    left join totals
        on standing.as_of_date = totals.as_of_date
            and standing.payer_id = totals.payer_id

)

select * from final
