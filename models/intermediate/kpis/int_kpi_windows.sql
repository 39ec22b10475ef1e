with

measures as (

    select * from {{ ref('int_kpi_measures') }}

),

month_ends as (

    select * from {{ ref('int_month_ends') }}

),

series as (

    select
        payer_measures.measure,
        payer_measures.payer_id,
        month_ends.period_month,
        month_ends.as_of_date,
        month_ends.is_partial_month,
        {{ days_between('month_ends.period_month', 'month_ends.as_of_date') }} + 1 as month_days
    from (select distinct measure, payer_id from measures) as payer_measures
    cross join month_ends

),

filled as (

    select
        series.*,
        coalesce(measures.amount, 0) as amount
    from series
    left join measures
        on series.measure = measures.measure
            and series.payer_id = measures.payer_id
            and series.period_month = measures.period_month

),

windows as (

    {% for months in (1, 3, 12) %}
        select
            measure,
            payer_id,
            period_month,
            is_partial_month,
            {{ months }} as window_months,
            sum(amount) over (
                partition by measure, payer_id order by period_month
                rows between {{ months - 1 }} preceding and current row
            ) as amount,
            sum(month_days) over (
                partition by measure, payer_id order by period_month
                rows between {{ months - 1 }} preceding and current row
            ) as day_count,
            count(*) over (
                partition by measure, payer_id order by period_month
                rows between {{ months - 1 }} preceding and current row
            ) as month_count
        from filled
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select * from windows
