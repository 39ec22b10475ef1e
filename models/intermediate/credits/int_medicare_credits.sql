with

months as (

    select * from {{ ref('int_month_ends') }}

),

account_totals as (

    select * from {{ ref('int_account_totals') }}

),

posted as (

    select * from {{ ref('int_posted_adjudications') }}

),

payers as (

    select * from {{ ref('int_payers') }}

),

payer_classes as (

    select * from {{ ref('payer_classes') }}

),

quarter_ends as (

    select
        cast({{ dbt.date_trunc('quarter', 'period_month') }} as date) as quarter_start_date,
        max(as_of_date) as quarter_end_date,
        max(case when extract(month from period_month) in (3, 6, 9, 12) and not is_partial_month then 1 else 0 end) = 1
            as is_closed_quarter
    from months
    group by cast({{ dbt.date_trunc('quarter', 'period_month') }} as date)

),

medicare_payments as (

    select
        posted.claim_key,
        posted.payer_id,
        posted.adjudication_id,
        posted.payer_claim_control_number,
        posted.posted_date as paid_date,
        row_number() over (partition by posted.claim_key order by posted.posted_date desc, posted.event_number desc)
            as choice
    from posted
    inner join payers on posted.payer_id = payers.payer_id
    inner join payer_classes
        on payers.payer_class = payer_classes.payer_class
            and payer_classes.is_medicare
    where
        not posted.is_reversal
        and posted.payer_paid_amount > 0

),

final as (

    select
        quarter_ends.quarter_start_date,
        quarter_ends.quarter_end_date,
        account_totals.claim_key,
        medicare_payments.payer_id,
        medicare_payments.adjudication_id,
        medicare_payments.payer_claim_control_number,
        -account_totals.balance_amount as credit_amount,
        quarter_ends.is_closed_quarter,
        medicare_payments.paid_date
    from account_totals
    inner join quarter_ends
        on quarter_ends.quarter_end_date >= account_totals.from_date
            and quarter_ends.quarter_end_date < coalesce(account_totals.until_date, cast('9999-12-31' as date))
    inner join medicare_payments
        on account_totals.claim_key = medicare_payments.claim_key
            and medicare_payments.choice = 1
    where account_totals.balance_amount < 0

)

select * from final
