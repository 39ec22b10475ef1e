with

ledger_measures as (

    select * from {{ ref('int_kpi_ledger_measures') }}

),

balance_measures as (

    select * from {{ ref('int_kpi_balance_measures') }}

),

month_ends as (

    select * from {{ ref('int_month_ends') }}

),

payers as (

    select payer_id from ledger_measures
    union
    select payer_id from balance_measures

),

-- A bill's contractual part is expected from the day it is sent and posted weeks later: revenue counts it at once.
months as (

    select
        month_ends.period_month,
        payers.payer_id,
        coalesce(ledger_measures.charges_less_contractual, 0) as charges_less_contractual,
        coalesce(balance_measures.expected_contractual, 0) as expected_contractual,
        coalesce(lag(balance_measures.expected_contractual) over (
            partition by payers.payer_id order by month_ends.period_month
        ), 0) as expected_contractual_before
    from payers
    cross join month_ends
    left join ledger_measures
        on month_ends.period_month = ledger_measures.period_month
            and payers.payer_id = ledger_measures.payer_id
    left join balance_measures
        on month_ends.period_month = balance_measures.period_month
            and payers.payer_id = balance_measures.payer_id

),

final as (

    select
        period_month,
        payer_id,
        charges_less_contractual - (expected_contractual - expected_contractual_before) as net_revenue
    from months

)

select * from final
