{{ config(materialized='incremental', meta={'list': 'aging', 'dated': 'as_of_date'}) }}

with

-- What ended before the days made anew meets none of them: that is seen before the months are (`materialized`).
balances as materialized (

    select
        *,
        coalesce(until_date, cast('9999-12-31' as date)) as before_date
    from {{ ref('int_account_balances') }}
    where
        balance_amount > 0
        and {{ is_made_anew('claim_key', "coalesce(until_date, cast('9999-12-31' as date))") }}

),

month_ends as (

    select * from {{ ref('int_month_ends') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

first_owed as (

    select * from {{ ref('int_patient_first_owed') }}

),

events as (

    select * from {{ ref('int_adjudication_events') }}

),

expected_contractuals as (

    select * from {{ ref('int_expected_contractuals') }}

),

class_rate_contractuals as (

    select * from {{ ref('int_class_rate_contractuals') }}

),

buckets as (

    select * from {{ ref('aging_buckets') }}

),

-- A balance stands from one posting to the next: only open ones meet a month end. A month end that is past stays as it
-- is until something is said of the claim.
open_balances as (

    select
        month_ends.as_of_date,
        balances.claim_key,
        balances.responsibility,
        balances.balance_amount,
        balances.denied_amount,
        balances.contractual_amount
    from balances
    inner join month_ends
        on month_ends.as_of_date >= balances.from_date
            and month_ends.as_of_date < balances.before_date
    where {{ is_made_anew('balances.claim_key', 'month_ends.as_of_date') }}

),

first_answers as (

    select
        claim_key,
        responsibility,
        min(posted_date) as first_answer_date
    from events
    where claim_key in (select open_balances.claim_key from open_balances)
    group by
        claim_key,
        responsibility

),

expected as (

    select
        claim_key,
        expected_contractual_amount
    from expected_contractuals
    where expected_contractual_amount is not null
    union all
    select
        claim_key,
        expected_contractual_amount
    from class_rate_contractuals

),

dated as (

    select
        open_balances.*,
        claims.payer_id,
        claims.payer_class,
        claims.billing_npi,
        -- What no answer has taken off yet the contract still will.
        case
            when open_balances.responsibility <> 'primary_payer' then 0
            when expected.expected_contractual_amount is not null
                then least(
                        open_balances.balance_amount,
                        expected.expected_contractual_amount
                        - least(open_balances.contractual_amount, expected.expected_contractual_amount)
                    )
        end as expected_contractual_amount,
        case
            when open_balances.responsibility = 'primary_payer' then claims.payer_id
            when open_balances.responsibility = 'secondary_payer' then claims.secondary_payer_id
        end as responsible_payer_id,
        case
            when open_balances.responsibility = 'patient' then first_owed.first_owed_date
            else coalesce(
                    claims.discharge_date,
                    claims.service_to_date,
                    claims.service_from_date,
                    claims.first_submitted_date,
                    open_balances.as_of_date
                )
        end as age_basis_date,
        open_balances.responsibility <> 'patient'
        and coalesce(first_answers.first_answer_date > open_balances.as_of_date, true) as is_unanswered
    from open_balances
    inner join claims on open_balances.claim_key = claims.claim_key
    left join expected on open_balances.claim_key = expected.claim_key
    left join first_owed on open_balances.claim_key = first_owed.claim_key
    left join first_answers
        on open_balances.claim_key = first_answers.claim_key
            and open_balances.responsibility = first_answers.responsibility

),

aged as (

    select
        *,
        {{ days_between('age_basis_date', 'as_of_date') }} as age_days
    from dated

),

final as (

    select
        aged.as_of_date,
        aged.claim_key,
        aged.payer_id,
        aged.responsible_payer_id,
        aged.billing_npi,
        aged.payer_class,
        aged.responsibility,
        buckets.aging_bucket,
        cast(aged.age_days as integer) as age_days,
        aged.balance_amount,
        cast(aged.expected_contractual_amount as decimal(18, 2)) as expected_contractual_amount,
        aged.responsibility <> 'patient' and aged.denied_amount > 0 as is_denied,
        aged.is_unanswered,
        aged.age_basis_date
    from aged
    left join buckets on aged.age_days between buckets.from_day and buckets.to_day

)

select * from final
