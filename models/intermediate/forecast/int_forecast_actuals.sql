with

forecast_dates as (

    select * from {{ ref('int_forecast_dates') }}

),

payments as (

    select * from {{ ref('int_forecast_payments') }}

),

-- What came on claims that were sent by the forecast date: a forecast of open balances is held against nothing else.
final as (

    select
        forecast_dates.forecast_date,
        payments.payer_class,
        case
            when payments.is_patient_payment then 'patient_balances'
            when coalesce(payments.first_answer_date > forecast_dates.forecast_date, true) then 'unanswered_claims'
            else 'answered_claims'
        end as source,
        {{ weeks_between('forecast_dates.forecast_date', 'payments.paid_date', 6) }} as week_number,
        sum(payments.paid_amount) as paid_amount
    from payments
    inner join forecast_dates
        on payments.paid_date > forecast_dates.forecast_date
            and payments.paid_date <= {{ add_days('forecast_dates.forecast_date', '91') }}
            and payments.charged_date <= forecast_dates.forecast_date
    group by 1, 2, 3, 4

)

select * from final
