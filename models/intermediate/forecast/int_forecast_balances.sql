with

balances as (

    select * from {{ ref('int_account_balances') }}

),

forecast_dates as (

    select * from {{ ref('int_forecast_dates') }}

),

claims as (

    select * from {{ ref('int_forecast_claims') }}

),

-- The runoff of thirteen weeks needs what stood open at their start too.
looked_at as (

    select
        forecast_date,
        forecast_date as balance_date
    from forecast_dates
    union all
    select
        forecast_date,
        {{ add_days('forecast_date', '-91') }} as balance_date
    from forecast_dates

),

final as (

    select
        looked_at.forecast_date,
        looked_at.balance_date,
        claims.payer_class,
        case
            when balances.responsibility = 'patient' then 'patient_balances'
            when balances.responsibility = 'primary_payer'
                and coalesce(claims.first_answer_date > looked_at.balance_date, true) then 'unanswered_claims'
            else 'answered_claims'
        end as source,
        least({{ weeks_between('claims.charged_date', 'looked_at.balance_date') }}, 26) as age_weeks,
        sum(balances.balance_amount) as open_amount
    from balances
    inner join looked_at
        on looked_at.balance_date >= balances.from_date
            and looked_at.balance_date < coalesce(balances.until_date, cast('9999-12-31' as date))
    inner join claims on balances.claim_key = claims.claim_key
    where
        balances.balance_amount > 0
        and claims.charged_date <= looked_at.balance_date
    group by 1, 2, 3, 4, 5

)

select * from final
