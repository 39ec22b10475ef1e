{{ config(materialized='incremental', unique_key='period_month', meta={'scope': none, 'list': 'posting'}) }}
-- depends_on: {{ ref('int_posting_month_changes') }}

-- What was posted in a month. One stays as it is while no account made anew has a posting in it, before or now.

with

postings as (

    select * from {{ ref('int_account_postings') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

final as (

    select
        {{ posting_month('postings.posted_date') }} as period_month,
        claims.payer_id,
        claims.payer_class,
        postings.responsibility,
        postings.movement,
        sum(postings.amount) as amount
    from postings
    inner join claims on postings.claim_key = claims.claim_key
    where
        postings.posting_type <> 'denied'
        and postings.posted_date is not null
        and {{ is_made_anew(posting_month('postings.posted_date')) }}
    group by
        {{ posting_month('postings.posted_date') }},
        claims.payer_id,
        claims.payer_class,
        postings.responsibility,
        postings.movement

)

select * from final
