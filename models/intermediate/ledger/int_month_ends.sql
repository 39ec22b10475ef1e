{{ config(meta={'scope': none}) }}

with

months as (

    select * from {{ ref('int_calendar_months') }}

),

postings as (

    select * from {{ ref('int_account_postings') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

span as (

    select
        as_of.as_of_date,
        min(postings.posted_date) as first_posted_date
    from as_of
    left join postings on as_of.as_of_date >= postings.posted_date
    group by as_of.as_of_date

),

final as (

    select
        months.period_month,
        least(months.month_end_date, span.as_of_date) as as_of_date,
        months.month_end_date > span.as_of_date as is_partial_month
    from months
    inner join span
        on span.first_posted_date <= months.month_end_date
            and span.as_of_date >= months.period_month

)

select * from final
