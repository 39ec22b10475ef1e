with

spine as (

    select unnest(generate_series(date '2000-01-01', date '2049-12-31', interval 1 day)) as date_day

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

days as (

    select cast(date_day as date) as calendar_date
    from spine

),

final as (

    select
        days.calendar_date,
        {{ month_of('days.calendar_date') }} as period_month,
        cast({{ dbt.date_trunc('quarter', 'days.calendar_date') }} as date) as quarter_start_date,
        cast({{ dbt.last_day('days.calendar_date', 'month') }} as date) as month_end_date,
        cast(extract(year from days.calendar_date) as integer) as calendar_year,
        cast(extract(quarter from days.calendar_date) as integer) as calendar_quarter,
        cast(extract(month from days.calendar_date) as integer) as month_of_year,
        days.calendar_date = cast({{ dbt.last_day('days.calendar_date', 'month') }} as date) as is_month_end,
        days.calendar_date = as_of.as_of_date as is_as_of_date
    from days
    cross join as_of

)

select * from final
