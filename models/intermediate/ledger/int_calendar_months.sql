{{ config(meta={'scope': none}) }}

with

spine as (

    select unnest(generate_series(date '1980-01-01', date '2079-12-01', interval 1 month)) as date_month

),

final as (

    select
        cast(date_month as date) as period_month,
        cast({{ dbt.last_day('date_month', 'month') }} as date) as month_end_date
    from spine

)

select * from final
