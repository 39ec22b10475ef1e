{{ config(materialized='incremental', meta={'scope': 'account'}) }}

with

postings as (

    select * from {{ ref('int_account_postings') }}

),

final as (

    select
        claim_key,
        source_id,
        posting_event,
        posting_type,
        movement,
        responsibility,
        source_file_id,
        cast(source_segment as integer) as source_segment,
        amount,
        posted_date
    from postings
    where posting_type <> 'denied'

)

select * from final
