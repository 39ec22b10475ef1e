with

forecast_dates as (

    select * from {{ ref('int_forecast_dates') }}

),

balances as (

    select * from {{ ref('int_forecast_balances') }}
    where balance_date = forecast_date

),

yields as (

    select * from {{ ref('int_forecast_yields') }}

),

runoffs as (

    select * from {{ ref('int_forecast_runoffs') }}

),

actuals as (

    select * from {{ ref('int_forecast_actuals') }}

),

numbers as (

    {{ dbt.generate_series(13) }}

),

weeks as (

    select cast(generated_number as integer) as week_number from numbers

),

waiting as (

    select
        balances.forecast_date,
        weeks.week_number,
        balances.payer_class,
        balances.source,
        sum(balances.open_amount) as open_amount,
        sum(case when yields.yield_rate is null then balances.open_amount else 0 end) as uncovered_amount,
        sum(balances.open_amount * yields.yield_rate) as forecast_amount
    from balances
    cross join weeks
    left join yields
        on balances.forecast_date = yields.forecast_date
            and balances.payer_class = yields.payer_class
            and balances.age_weeks = yields.age_weeks
            and weeks.week_number = yields.week_number
    where balances.source = 'unanswered_claims'
    group by
        balances.forecast_date,
        weeks.week_number,
        balances.payer_class,
        balances.source

),

running_off as (

    select
        balances.forecast_date,
        weeks.week_number,
        balances.payer_class,
        balances.source,
        sum(balances.open_amount) as open_amount,
        sum(case when runoffs.weekly_rate is null then balances.open_amount else 0 end) as uncovered_amount,
        sum(balances.open_amount * runoffs.weekly_rate * power(1 - runoffs.weekly_rate, weeks.week_number - 1))
            as forecast_amount
    from balances
    cross join weeks
    left join runoffs
        on balances.forecast_date = runoffs.forecast_date
            and balances.payer_class = runoffs.payer_class
            and balances.source = runoffs.source
    where balances.source <> 'unanswered_claims'
    group by
        balances.forecast_date,
        weeks.week_number,
        balances.payer_class,
        balances.source

),

forecasts as (

    select * from waiting
    union all
    select * from running_off

),

dated as (

    select
        forecasts.*,
        forecast_dates.weeks_back,
        {{ add_days('forecasts.forecast_date', '7 * forecasts.week_number - 6') }} as week_start_date,
        {{ add_days('forecasts.forecast_date', '7 * forecasts.week_number') }} as week_end_date,
        forecast_dates.as_of_date
    from forecasts
    inner join forecast_dates on forecasts.forecast_date = forecast_dates.forecast_date

),

final as (

    select
        dated.forecast_date,
        dated.week_number,
        dated.payer_class,
        dated.source,
        cast(dated.weeks_back as integer) as weeks_back,
        cast(dated.open_amount as decimal(18, 2)) as open_amount,
        cast(dated.uncovered_amount as decimal(18, 2)) as uncovered_amount,
        cast(round(dated.forecast_amount, 2) as decimal(18, 2)) as forecast_amount,
        cast(case
            when dated.week_end_date <= dated.as_of_date then coalesce(actuals.paid_amount, 0)
        end as decimal(18, 2)) as actual_amount,
        dated.week_start_date,
        dated.week_end_date
    from dated
    left join actuals
        on dated.forecast_date = actuals.forecast_date
            and dated.week_number = actuals.week_number
            and dated.payer_class = actuals.payer_class
            and dated.source = actuals.source

)

select * from final
