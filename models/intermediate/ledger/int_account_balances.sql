{{ config(materialized='incremental') }}

with

postings as (

    select * from {{ ref('int_account_postings') }}

),

days as (

    select
        claim_key,
        responsibility,
        posted_date,
        sum(case when posting_type <> 'denied' then amount else 0 end) as balance_change,
        sum(case when posting_type = 'denied' then amount else 0 end) as denied_change,
        -sum(case when posting_type = 'contractual_adjustment' then amount else 0 end) as contractual_change
    from postings
    group by
        claim_key,
        responsibility,
        posted_date

),

running as (

    select
        claim_key,
        responsibility,
        posted_date as from_date,
        lead(posted_date) over (partition by claim_key, responsibility order by posted_date) as until_date,
        sum(balance_change) over (
            partition by claim_key, responsibility order by posted_date
            rows between unbounded preceding and current row
        ) as balance_amount,
        sum(denied_change) over (
            partition by claim_key, responsibility order by posted_date
            rows between unbounded preceding and current row
        ) as denied_amount,
        sum(contractual_change) over (
            partition by claim_key, responsibility order by posted_date
            rows between unbounded preceding and current row
        ) as contractual_amount
    from days

),

final as (

    select
        claim_key,
        responsibility,
        cast(balance_amount as decimal(18, 2)) as balance_amount,
        cast(denied_amount as decimal(18, 2)) as denied_amount,
        cast(contractual_amount as decimal(18, 2)) as contractual_amount,
        from_date,
        until_date
    from running

)

select * from final
