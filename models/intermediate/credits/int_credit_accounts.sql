{{ config(materialized='incremental', meta={'list': 'credit', 'dated': 'as_of_date'}) }}
-- depends_on: {{ ref('int_credit_changes') }}

with

account_balances as (

    select * from {{ ref('int_account_balances') }}

),

month_ends as (

    select * from {{ ref('int_month_ends') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

-- A month end that is past stays as it is, and so does all that follows from it, until something bears on the claim.
-- What ended before the days made anew meets none of them: that is seen before the months are (`materialized`).
below_zero as materialized (

    select
        *,
        coalesce(until_date, cast('9999-12-31' as date)) as before_date
    from {{ ref('int_account_totals') }}
    where
        balance_amount < 0
        and {{ is_made_anew('claim_key', "coalesce(until_date, cast('9999-12-31' as date))") }}

),

in_credit as (

    select
        month_ends.as_of_date,
        below_zero.claim_key,
        -below_zero.balance_amount as credit_amount
    from below_zero
    inner join month_ends
        on month_ends.as_of_date >= below_zero.from_date
            and month_ends.as_of_date < below_zero.before_date
    where {{ is_made_anew('below_zero.claim_key', 'month_ends.as_of_date') }}

),

account_totals as materialized (

    select * from {{ ref('int_account_totals') }}
    where claim_key in (select in_credit.claim_key from in_credit)

),

-- The stretch that still lasts: from the first day in credit after the last one that was not.
last_settled as (

    select
        in_credit.as_of_date,
        in_credit.claim_key,
        max(account_totals.from_date) as last_settled_date
    from account_totals
    inner join in_credit
        on account_totals.claim_key = in_credit.claim_key
            and account_totals.from_date <= in_credit.as_of_date
    where account_totals.balance_amount >= 0
    group by
        in_credit.as_of_date,
        in_credit.claim_key

),

credit_since as (

    select
        in_credit.as_of_date,
        in_credit.claim_key,
        min(account_totals.from_date) as credit_since_date
    from account_totals
    inner join in_credit on account_totals.claim_key = in_credit.claim_key
    left join last_settled
        on in_credit.claim_key = last_settled.claim_key
            and in_credit.as_of_date = last_settled.as_of_date
    where
        last_settled.last_settled_date is null
        or account_totals.from_date > last_settled.last_settled_date
    group by
        in_credit.as_of_date,
        in_credit.claim_key

),

standing as (

    select
        in_credit.as_of_date,
        in_credit.claim_key,
        sum(case when account_balances.responsibility = 'primary_payer' then account_balances.balance_amount else 0 end)
            as primary_balance_amount,
        sum(case
            when account_balances.responsibility = 'secondary_payer' then account_balances.balance_amount else 0
        end) as secondary_balance_amount,
        sum(case when account_balances.responsibility = 'patient' then account_balances.balance_amount else 0 end)
            as patient_balance_amount
    from in_credit
    inner join account_balances
        on in_credit.claim_key = account_balances.claim_key
            and in_credit.as_of_date >= account_balances.from_date
            and in_credit.as_of_date < coalesce(account_balances.until_date, cast('9999-12-31' as date))
    group by
        in_credit.as_of_date,
        in_credit.claim_key

),

final as (

    select
        in_credit.as_of_date,
        in_credit.claim_key,
        claims.claim_id,
        claims.payer_id,
        claims.secondary_payer_id,
        claims.patient_key,
        case
            when standing.primary_balance_amount
                <= least(standing.secondary_balance_amount, standing.patient_balance_amount)
                then 'primary_payer'
            when standing.secondary_balance_amount <= standing.patient_balance_amount then 'secondary_payer'
            else 'patient'
        end as credit_responsibility,
        cast(in_credit.credit_amount as decimal(18, 2)) as credit_amount,
        in_credit.as_of_date = as_of.as_of_date as is_current,
        credit_since.credit_since_date,
        last_settled.last_settled_date
    from in_credit
    cross join as_of
    inner join claims on in_credit.claim_key = claims.claim_key
    inner join standing
        on in_credit.claim_key = standing.claim_key
            and in_credit.as_of_date = standing.as_of_date
    inner join credit_since
        on in_credit.claim_key = credit_since.claim_key
            and in_credit.as_of_date = credit_since.as_of_date
    left join last_settled
        on in_credit.claim_key = last_settled.claim_key
            and in_credit.as_of_date = last_settled.as_of_date

)

select * from final
