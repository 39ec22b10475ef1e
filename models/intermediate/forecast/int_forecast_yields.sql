with

forecast_dates as (

    select * from {{ ref('int_forecast_dates') }}

),

-- By day, not by claim: each is looked at on every forecast date.
claims as (

    select
        payer_class,
        charged_date,
        first_answer_date,
        sum(charge_amount) as charge_amount
    from {{ ref('int_forecast_claims') }}
    group by 1, 2, 3

),

payments as (

    select
        payer_class,
        charged_date,
        first_answer_date,
        paid_date,
        sum(paid_amount) as paid_amount
    from {{ ref('int_forecast_payments') }}
    where
        not is_patient_payment
        and first_answer_date is not null
    group by 1, 2, 3, 4

),

numbers as (

    {{ dbt.generate_series(27) }}

),

ages as (

    select cast(generated_number - 1 as integer) as age_weeks from numbers

),

weeks as (

    select cast(generated_number as integer) as week_number from numbers
    where generated_number <= 13

),

-- A claim's age runs in weeks from three days after it was sent, so that its middle is the middle of an age.
-- Only what was known on the forecast date counts, of claims sent in the year before it.
cohorts as (

    select
        forecast_dates.forecast_date,
        claims.payer_class,
        {{ weeks_between('claims.charged_date', 'forecast_dates.forecast_date', -3) }} as known_weeks,
        case
            when claims.first_answer_date <= forecast_dates.forecast_date
                then {{ weeks_between('claims.charged_date', 'claims.first_answer_date', 3) }}
            else 9999
        end as answer_week,
        sum(claims.charge_amount) as charge_amount
    from claims
    inner join forecast_dates
        on claims.charged_date <= forecast_dates.forecast_date
            and claims.charged_date > {{ add_days('forecast_dates.forecast_date', '-365') }}
    group by 1, 2, 3, 4

),

paid as (

    select
        forecast_dates.forecast_date,
        payments.payer_class,
        {{ weeks_between('payments.charged_date', 'forecast_dates.forecast_date', -3) }} as known_weeks,
        {{ weeks_between('payments.charged_date', 'payments.first_answer_date', 3) }} as answer_week,
        {{ weeks_between('payments.charged_date', 'payments.paid_date', 3) }} as paid_week,
        sum(payments.paid_amount) as paid_amount
    from payments
    inner join forecast_dates
        on payments.paid_date <= forecast_dates.forecast_date
            and payments.charged_date > {{ add_days('forecast_dates.forecast_date', '-365') }}
    group by 1, 2, 3, 4, 5

),

waiting as (

    select
        cohorts.forecast_date,
        cohorts.payer_class,
        ages.age_weeks,
        weeks.week_number,
        sum(cohorts.charge_amount) as charge_amount
    from cohorts
    inner join ages on cohorts.answer_week > ages.age_weeks
    inner join weeks on cohorts.known_weeks >= ages.age_weeks + weeks.week_number
    group by 1, 2, 3, 4

),

came as (

    select
        paid.forecast_date,
        paid.payer_class,
        ages.age_weeks,
        weeks.week_number,
        sum(paid.paid_amount) as paid_amount
    from paid
    inner join ages on paid.answer_week > ages.age_weeks
    inner join weeks
        on paid.paid_week = ages.age_weeks + weeks.week_number
            and paid.known_weeks >= ages.age_weeks + weeks.week_number
    group by 1, 2, 3, 4

),

final as (

    select
        waiting.forecast_date,
        waiting.payer_class,
        waiting.age_weeks,
        waiting.week_number,
        cast(waiting.charge_amount as decimal(18, 2)) as waiting_charge_amount,
        cast(coalesce(came.paid_amount, 0) as decimal(18, 2)) as paid_amount,
        cast(coalesce(came.paid_amount, 0) / waiting.charge_amount as decimal(18, 6)) as yield_rate
    from waiting
    left join came
        on waiting.forecast_date = came.forecast_date
            and waiting.payer_class = came.payer_class
            and waiting.age_weeks = came.age_weeks
            and waiting.week_number = came.week_number
    where waiting.charge_amount > 0

)

select * from final
