{{ config(materialized='list', unique_key='period_month', meta={'lists': 'posting'}) }}

with

-- Of the accounts made anew alone, by this model's scope.
postings as (

    select * from {{ ref('int_account_postings') }}

),

-- The days on which these accounts had a posting in the last build (`account_posted_date`), or have one now.
days as (

    {{ listed('posted_date', 'account') }}
    union
    select posted_date from postings

),

final as (

    select distinct {{ posting_month('posted_date') }} as period_month
    from days
    where posted_date is not null

)

select * from final
