with

shares as (

    select * from {{ ref('int_patient_shares') }}

),

patient_balances as (

    select * from {{ ref('fct_patient_balances') }}

),

bands as (

    select * from {{ ref('balance_bands') }}

),

as_of as (

    select as_of_date from {{ ref('int_as_of') }}

),

-- Only shares old enough to have been paid say how such shares are paid.
history as (

    select
        shares.coverage,
        bands.balance_band,
        count(*) as matured_accounts,
        sum(shares.asked_amount) as asked_amount,
        sum(shares.paid_amount) as paid_amount
    from shares
    cross join as_of
    inner join bands
        on shares.asked_amount >= bands.from_amount
            and shares.asked_amount < bands.below_amount
    where
        {{ days_between('shares.first_owed_date', 'as_of.as_of_date') }}
        >= {{ site_setting('segment_maturity_days') }}
    group by
        shares.coverage,
        bands.balance_band

),

open_balances as (

    select
        case when patient_balances.payer_class = 'self_pay' then 'self_pay' else 'insured' end as coverage,
        bands.balance_band,
        count(*) as open_accounts,
        sum(patient_balances.balance_amount) as open_amount
    from patient_balances
    inner join bands
        on patient_balances.balance_amount >= bands.from_amount
            and patient_balances.balance_amount < bands.below_amount
    group by
        case when patient_balances.payer_class = 'self_pay' then 'self_pay' else 'insured' end,
        bands.balance_band

),

segments as (

    select coverage, balance_band from history
    union
    select coverage, balance_band from open_balances

),

final as (

    select
        segments.coverage,
        segments.balance_band,
        cast(coalesce(history.matured_accounts, 0) as integer) as matured_accounts,
        cast(coalesce(open_balances.open_accounts, 0) as integer) as open_accounts,
        cast(coalesce(history.asked_amount, 0) as decimal(18, 2)) as asked_amount,
        cast(coalesce(history.paid_amount, 0) as decimal(18, 2)) as paid_amount,
        cast(round(100 * history.paid_amount / history.asked_amount, 2) as decimal(18, 2)) as collection_percent,
        cast(coalesce(open_balances.open_amount, 0) as decimal(18, 2)) as open_amount,
        cast(round(open_balances.open_amount * history.paid_amount / history.asked_amount, 2) as decimal(18, 2))
            as expected_amount
    from segments
    left join history
        on segments.coverage = history.coverage
            and segments.balance_band = history.balance_band
    left join open_balances
        on segments.coverage = open_balances.coverage
            and segments.balance_band = open_balances.balance_band

)

select * from final
