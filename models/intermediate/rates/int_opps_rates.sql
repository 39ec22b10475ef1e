with

addendum_b as (

    select
        'opps-' || cast(rate_year as varchar) as schedule_id,
        *
    from {{ ref('stg_reference__cms_opps_addendum_b') }}

),

schedules as (

    select distinct schedule_id from {{ ref('int_medicare_localities') }}

),

-- Codes without a rate of their own are packaged, paid elsewhere or not paid: no row, not a rate of zero. Nor has one
-- whose rate is no cent.
rates as (

    select
        addendum_b.schedule_id,
        '' as locality,
        addendum_b.procedure_code,
        '' as modifier,
        '' as setting,
        addendum_b.status_indicator as status_code,
        addendum_b.apc,
        cast(round(addendum_b.payment_rate, 2) as decimal(18, 2)) as amount,
        cast('1900-01-01' as date) as effective_from,
        cast('9999-12-31' as date) as effective_to,
        addendum_b.file_number,
        addendum_b.line_number
    from addendum_b
    inner join schedules on addendum_b.schedule_id = schedules.schedule_id
    where round(addendum_b.payment_rate, 2) > 0

)

select * from rates
