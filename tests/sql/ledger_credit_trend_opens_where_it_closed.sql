-- Of each cause and owner a month opens with what the month before closed with.
with

months as (

    select
        period_month,
        lag(period_month) over (order by period_month) as previous_month
    from {{ ref('int_month_ends') }}

),

trend as (

    select * from {{ ref('rpt_credit_trend') }}

),

expected as (

    select
        months.period_month,
        trend.owner,
        trend.cause,
        trend.closing_amount as opening_amount
    from trend
    inner join months on trend.period_month = months.previous_month
    where trend.closing_amount <> 0

),

opened as (

    select
        period_month,
        owner,
        cause,
        opening_amount
    from trend
    where opening_amount <> 0

)

select
    expected.period_month,
    expected.owner,
    expected.cause,
    expected.opening_amount,
    opened.opening_amount as trend_opening_amount
from expected
full outer join opened
    on expected.period_month = opened.period_month
        and expected.owner = opened.owner
        and expected.cause = opened.cause
where coalesce(expected.opening_amount, 0) <> coalesce(opened.opening_amount, 0)
