-- Counted by day, so that percentiles of a year need no claim-level rows; `ALL` is every payer.
with first_answers as (
    select * from {{ ref('int_scorecard_first_answers') }}
    where days_to_pay >= 0
),

counted as (
    select
        payer_id,
        {{ month_of('first_payment_date') }} as period_month,
        days_to_pay,
        count(*) as claim_count
    from first_answers
    group by payer_id, {{ month_of('first_payment_date') }}, days_to_pay
),

final as (
    select * from counted
    where payer_id is not null
    union all
    select
        'ALL' as payer_id,
        period_month,
        days_to_pay,
        sum(claim_count) as claim_count
    from counted
    group by period_month, days_to_pay
)

select * from final
