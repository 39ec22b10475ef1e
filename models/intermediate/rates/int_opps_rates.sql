with

addendum_b as (

    select
        'opps-' || cast(rate_year as varchar) as schedule_id,
        *
    from {{ ref('stg_reference__cms_opps_addendum_b') }}

),

-- A contract gives the hospital's wage index; one that gives none means the national rates.
schedules as (

    select distinct
        schedule_id,
        case when locality like 'wage-index %' then locality else '' end as locality,
        case
            when locality like 'wage-index %'
                then cast({{ dbt.split_part('locality', "' '", 2) }} as decimal(8, 4))
        end as wage_index
    from {{ ref('int_medicare_localities') }}
    where left(schedule_id, 5) = 'opps-'

),

outpatient_statuses as (

    select * from {{ ref('outpatient_statuses') }}

),

-- 42 CFR 419.43(c): wages move the labor share of a rate; drugs, devices and blood have none.
adjusted as (

    select
        addendum_b.schedule_id,
        schedules.locality,
        addendum_b.procedure_code,
        addendum_b.status_indicator,
        addendum_b.apc,
        case
            when schedules.wage_index is null then addendum_b.payment_rate
            else
                addendum_b.payment_rate * (
                    100 + cast(coalesce(outpatient_statuses.labor_percent, 60) as integer) * (schedules.wage_index - 1)
                ) * 0.01
        end as payment_rate,
        addendum_b.file_number,
        addendum_b.line_number
    from addendum_b
    inner join schedules on addendum_b.schedule_id = schedules.schedule_id
    left join outpatient_statuses on addendum_b.status_indicator = outpatient_statuses.status_indicator

),

-- Codes without a rate of their own are packaged, paid elsewhere or not paid: no row, not a rate of zero. Nor has one
-- whose rate is no cent.
rates as (

    select
        schedule_id,
        locality,
        procedure_code,
        '' as modifier,
        '' as setting,
        status_indicator as status_code,
        apc,
        cast(round(payment_rate, 2) as decimal(18, 2)) as amount,
        cast('1900-01-01' as date) as effective_from,
        cast('9999-12-31' as date) as effective_to,
        file_number,
        line_number
    from adjusted
    where round(payment_rate, 2) > 0

)

select * from rates
