with

answered as (

    select * from {{ ref('int_kpi_answers') }}

),

first_answers as (

    select
        {{ month_of('first_remit_date') }} as period_month,
        payer_id,
        1 as claims_answered,
        charge_amount as charges_answered,
        case when denied_amount > 0 and allowed_amount <= 0 and payer_paid_amount <= 0 then 1 else 0 end
            as claims_denied,
        case when denied_amount > 0 then denied_amount else 0 end as denied_amount,
        case when denied_amount <= 0 and allowed_amount > 0 then 1 else 0 end as claims_passed,
        case when prompt_pay_days is not null then 1 else 0 end as claims_with_prompt_pay,
        case
            when {{ days_between('first_submitted_date', 'first_remit_date') }} > prompt_pay_days then 1
            else 0
        end as claims_answered_late,
        0 as claims_first_paid,
        0 as days_to_first_payment
    from answered
    where first_remit_date is not null

),

first_payments as (

    select
        {{ month_of('first_payment_date') }} as period_month,
        payer_id,
        0 as claims_answered,
        0 as charges_answered,
        0 as claims_denied,
        0 as denied_amount,
        0 as claims_passed,
        0 as claims_with_prompt_pay,
        0 as claims_answered_late,
        1 as claims_first_paid,
        {{ days_between('first_submitted_date', 'first_payment_date') }} as days_to_first_payment
    from answered
    where
        first_payment_date is not null
        and first_submitted_date is not null

),

unioned as (

    select * from first_answers
    union all
    select * from first_payments

),

final as (

    select
        period_month,
        payer_id,
        sum(claims_answered) as claims_answered,
        sum(charges_answered) as charges_answered,
        sum(claims_denied) as claims_denied,
        sum(denied_amount) as denied_amount,
        sum(claims_passed) as claims_passed,
        sum(claims_with_prompt_pay) as claims_with_prompt_pay,
        sum(claims_answered_late) as claims_answered_late,
        sum(claims_first_paid) as claims_first_paid,
        sum(days_to_first_payment) as days_to_first_payment
    from unioned
    group by
        period_month,
        payer_id

)

select * from final
