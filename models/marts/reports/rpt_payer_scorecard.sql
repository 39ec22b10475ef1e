with windows as (
    select * from {{ ref('int_scorecard_windows') }}
),

months as (
    select * from {{ ref('int_scorecard_months') }}
),

payment_days as (
    select * from {{ ref('int_scorecard_payment_days') }}
),

metrics as (
    select * from {{ ref('scorecard_metrics') }}
),

added as (
    select
        windows.payer_id,
        windows.period_kind,
        windows.period_month,
        months.metric_id,
        sum(months.numerator) as numerator,
        sum(months.denominator) as denominator,
        sum(months.sample_count) as sample_count,
        cast(null as double) as measured
    from windows
    inner join months
        on
            windows.payer_id in (months.payer_id, 'ALL')
            and months.period_month between windows.first_month and windows.period_month
    group by windows.payer_id, windows.period_kind, windows.period_month, months.metric_id
),

-- The day by which the share of claims was paid, and nothing in between.
paid_by_day as (
    select
        windows.payer_id,
        windows.period_kind,
        windows.period_month,
        payment_days.days_to_pay,
        sum(sum(payment_days.claim_count)) over (
            partition by windows.payer_id, windows.period_kind, windows.period_month
            order by payment_days.days_to_pay
            rows between unbounded preceding and current row
        ) as paid_count,
        sum(sum(payment_days.claim_count)) over (
            partition by windows.payer_id, windows.period_kind, windows.period_month
        ) as sample_count
    from windows
    inner join payment_days
        on
            windows.payer_id = payment_days.payer_id
            and payment_days.period_month between windows.first_month and windows.period_month
    group by windows.payer_id, windows.period_kind, windows.period_month, payment_days.days_to_pay
),

paid as (
    select
        payer_id,
        period_kind,
        period_month,
        max(sample_count) as sample_count,
        min(case when paid_count * 10 >= sample_count * 5 then days_to_pay end) as median_days,
        min(case when paid_count * 10 >= sample_count * 9 then days_to_pay end) as ninetieth_days
    from paid_by_day
    group by payer_id, period_kind, period_month
),

stacked as (
    select * from added
    union all
    select
        payer_id,
        period_kind,
        period_month,
        'days_to_pay_median' as metric_id,
        null as numerator,
        null as denominator,
        sample_count,
        median_days as measured
    from paid
    union all
    select
        payer_id,
        period_kind,
        period_month,
        'days_to_pay_90th' as metric_id,
        null as numerator,
        null as denominator,
        sample_count,
        ninetieth_days as measured
    from paid
),

valued as (
    select
        stacked.*,
        metrics.metric_name,
        metrics.unit,
        metrics.is_share_of_counts,
        case
            when metrics.unit = 'percent'
                then 100 * cast(stacked.numerator as double) / nullif(cast(stacked.denominator as double), 0)
            else coalesce(stacked.measured, cast(stacked.numerator as double))
        end as metric_value,
        case
            when metrics.is_share_of_counts
                then cast(stacked.numerator as double) / nullif(cast(stacked.denominator as double), 0)
        end as share,
        cast(stacked.denominator as double) as trials
    from stacked
    inner join metrics
        on stacked.metric_id = metrics.metric_id
),

-- Wilson's interval (z = 1.96): right for small counts and for shares near none or all.
bounded as (
    select
        *,
        share + 1.9208 / trials as middle,
        1.96 * sqrt(share * (1 - share) / trials + 0.9604 / (trials * trials)) as half_width,
        1 + 3.8416 / trials as shrinkage
    from valued
),

final as (
    select
        payer_id,
        period_kind,
        period_month,
        metric_id,
        metric_name,
        unit,
        cast(metric_value as decimal(18, 6)) as metric_value,
        cast(numerator as decimal(18, 2)) as numerator,
        cast(denominator as decimal(18, 2)) as denominator,
        cast(100 * (middle - half_width) / shrinkage as decimal(18, 6)) as interval_low,
        cast(100 * (middle + half_width) / shrinkage as decimal(18, 6)) as interval_high,
        cast(sample_count as bigint) as sample_count,
        sample_count < {{ variance_setting('small_cell_rows') }} as is_small_cell
    from bounded
)

select * from final
