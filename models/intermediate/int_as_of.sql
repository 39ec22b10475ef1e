with

event_dates as (

    select * from {{ ref('int_event_dates') }}

),

run_day as (

    select
        {{ date_asked_for('OWED_RUN_DATE', 'current_date') }} as run_date

),

-- A future date in a file is a mistake or a plan: it never moves the watermark.
watermark as (

    select
        run_day.run_date,
        max(event_dates.event_date) as newest_date
    from run_day
    left join event_dates on run_day.run_date >= event_dates.event_date
    group by run_day.run_date

),

final as (

    select
        {{ date_asked_for('OWED_AS_OF', 'coalesce(newest_date, run_date)') }} as as_of_date,
        run_date
    from watermark

)

select * from final
