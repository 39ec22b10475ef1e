-- Every month from a payer's first to the running one, alone and with the eleven before it; `ALL` is every payer.
with months as (
    select * from {{ ref('int_scorecard_months') }}
),

calendar as (
    select * from {{ ref('int_calendar_months') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

payers as (
    select
        payer_id,
        min(period_month) as first_month
    from months
    where payer_id is not null
    group by payer_id
    union all
    select
        'ALL' as payer_id,
        min(period_month) as first_month
    from months
),

periods as (
    select
        payers.payer_id,
        calendar.period_month,
        calendar.period_month as first_month,
        'month' as period_kind
    from payers
    cross join as_of
    inner join calendar
        on calendar.period_month between payers.first_month and as_of.as_of_date
),

final as (
    select * from periods
    union all
    select
        payer_id,
        period_month,
        cast({{ dbt.dateadd('month', -11, 'period_month') }} as date) as first_month,
        'trailing_12' as period_kind
    from periods
)

select * from final
