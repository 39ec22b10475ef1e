with

event_dates as (

    select * from {{ ref('int_event_dates') }}

),

run_day as (

    select
        {% if var('run_date') -%}
            cast('{{ var("run_date") }}' as date)
        {%- else -%}
            current_date
        {%- endif %} as run_date

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
        {% if var('as_of') -%}
            cast('{{ var("as_of") }}' as date)
        {%- else -%}
            coalesce(newest_date, run_date)
        {%- endif %} as as_of_date,
        run_date
    from watermark

)

select * from final
