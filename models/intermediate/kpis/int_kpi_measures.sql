with

ledger_measures as (

    select * from {{ ref('int_kpi_ledger_measures') }}

),

revenue_measures as (

    select * from {{ ref('int_kpi_revenue_measures') }}

),

balance_measures as (

    select * from {{ ref('int_kpi_balance_measures') }}

),

answer_measures as (

    select * from {{ ref('int_kpi_answer_measures') }}

),

recovery_measures as (

    select * from {{ ref('int_kpi_recovery_measures') }}

),

by_payer as (

    {{ unpivot_measures('ledger_measures', [
        'gross_charges', 'cash_collected', 'net_payments', 'denial_write_offs', 'bad_debt', 'charity',
        'patient_share', 'patient_net_payments',
    ]) }}
    union all
    {{ unpivot_measures('revenue_measures', ['net_revenue']) }}
    union all
    {{ unpivot_measures('balance_measures', [
        'debit_balance', 'debit_balance_over_90', 'credit_balance', 'net_receivable',
    ]) }}
    union all
    {{ unpivot_measures('answer_measures', [
        'claims_answered', 'charges_answered', 'claims_denied', 'denied_amount', 'claims_passed',
        'claims_with_prompt_pay', 'claims_answered_late', 'claims_first_paid', 'days_to_first_payment',
    ]) }}
    union all
    {{ unpivot_measures('recovery_measures', [
        'denials_decided', 'denials_overturned', 'lines_compared', 'lines_underpaid', 'underpaid_amount',
        'overpaid_amount',
    ]) }}

),

final as (

    select
        measure,
        period_month,
        coalesce(payer_id, 'UNKNOWN') as payer_id,
        sum(amount) as amount
    from by_payer
    group by
        measure,
        period_month,
        coalesce(payer_id, 'UNKNOWN')
    union all
    select
        measure,
        period_month,
        'ALL' as payer_id,
        sum(amount) as amount
    from by_payer
    group by
        measure,
        period_month

)

select * from final
