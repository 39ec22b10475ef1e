{{ config(meta={'scope': none}) }}

with

spine as (

    {{ dbt.date_spine('month', "cast('1980-01-01' as date)", "cast('2080-01-01' as date)") }}

),

final as (

    select
        cast(date_month as date) as period_month,
        cast({{ dbt.last_day('date_month', 'month') }} as date) as month_end_date
    from spine

)

select * from final
