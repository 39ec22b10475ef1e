with

forecast_dates as (

    select * from {{ ref('int_forecast_dates') }}

),

balances as (

    select * from {{ ref('int_forecast_balances') }}

),

payments as (

    select * from {{ ref('int_forecast_payments') }}

),

opened as (

    select
        forecast_date,
        payer_class,
        source,
        sum(open_amount) / 2 as average_open_amount
    from balances
    where source <> 'unanswered_claims'
    group by 1, 2, 3

),

-- Of thirteen weeks; the answer's own payment belongs to the claims that were waiting.
came as (

    select
        forecast_dates.forecast_date,
        payments.payer_class,
        case when payments.is_patient_payment then 'patient_balances' else 'answered_claims' end as source,
        sum(payments.paid_amount) as paid_amount
    from payments
    inner join forecast_dates
        on payments.paid_date <= forecast_dates.forecast_date
            and payments.paid_date > {{ add_days('forecast_dates.forecast_date', '-91') }}
    where
        payments.is_patient_payment
        or payments.paid_date > payments.first_answer_date
    group by 1, 2, 3

),

final as (

    select
        opened.forecast_date,
        opened.payer_class,
        opened.source,
        cast(least(greatest(
            coalesce(came.paid_amount, 0) / 13 / opened.average_open_amount, 0
        ), 1) as decimal(18, 6)) as weekly_rate
    from opened
    left join came
        on opened.forecast_date = came.forecast_date
            and opened.payer_class = came.payer_class
            and opened.source = came.source
    where opened.average_open_amount > 0

)

select * from final
