{{ config(materialized='incremental') }}

with

postings as (

    select * from {{ ref('int_account_postings') }}

),

days as (

    select
        claim_key,
        posted_date,
        sum(amount) as change
    from postings
    where posting_type <> 'denied'
    group by
        claim_key,
        posted_date

),

final as (

    select
        claim_key,
        cast(sum(change) over (
            partition by claim_key order by posted_date
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as balance_amount,
        posted_date as from_date,
        lead(posted_date) over (partition by claim_key order by posted_date) as until_date
    from days

)

select * from final
