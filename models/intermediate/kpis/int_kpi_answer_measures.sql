with

adjudications as (

    select * from {{ ref('int_adjudications') }}
    where not is_reversal and not is_duplicate and not is_pretend

),

shares as (

    select * from {{ ref('int_adjudication_shares') }}

),

claims as (

    select * from {{ ref('int_claims') }}
    where origin = 'claim'

),

priced_claims as (

    select * from {{ ref('int_priced_claims') }}

),

contracts as (

    select * from {{ ref('stg_reference__contracts') }}

),

answered as (

    select
        adjudications.claim_key,
        claims.payer_id,
        claims.first_submitted_date,
        adjudications.remit_date,
        adjudications.is_first,
        adjudications.charge_amount,
        adjudications.payer_paid_amount,
        coalesce(adjudications.allowed_amount, adjudications.payer_paid_amount) as allowed_amount,
        coalesce(shares.denial_class_amount, 0) as denied_amount,
        contracts.prompt_pay_days
    from adjudications
    inner join claims on adjudications.claim_key = claims.claim_key
    left join shares on adjudications.adjudication_id = shares.adjudication_id
    left join priced_claims on claims.current_submission_id = priced_claims.unit_id
    left join contracts on priced_claims.contract_id = contracts.contract_id
    where adjudications.payer_role = 'primary_payer'

),

first_answers as (

    select
        cast({{ dbt.date_trunc('month', 'remit_date') }} as date) as period_month,
        payer_id,
        1 as claims_answered,
        charge_amount as charges_answered,
        case when denied_amount > 0 and allowed_amount <= 0 and payer_paid_amount <= 0 then 1 else 0 end
            as claims_denied,
        case when denied_amount > 0 then denied_amount else 0 end as denied_amount,
        case when denied_amount <= 0 and allowed_amount > 0 then 1 else 0 end as claims_passed,
        case when prompt_pay_days is not null then 1 else 0 end as claims_with_prompt_pay,
        case
            when {{ days_between('first_submitted_date', 'remit_date') }} > prompt_pay_days then 1
            else 0
        end as claims_answered_late,
        0 as claims_first_paid,
        0 as days_to_first_payment
    from answered
    where is_first

),

first_payment_dates as (

    select
        claim_key,
        payer_id,
        first_submitted_date,
        min(remit_date) as paid_date
    from answered
    where payer_paid_amount > 0
    group by
        claim_key,
        payer_id,
        first_submitted_date

),

first_payments as (

    select
        cast({{ dbt.date_trunc('month', 'paid_date') }} as date) as period_month,
        payer_id,
        0 as claims_answered,
        0 as charges_answered,
        0 as claims_denied,
        0 as denied_amount,
        0 as claims_passed,
        0 as claims_with_prompt_pay,
        0 as claims_answered_late,
        1 as claims_first_paid,
        {{ days_between('first_submitted_date', 'paid_date') }} as days_to_first_payment
    from first_payment_dates
    where first_submitted_date is not null

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
