{{ config(materialized='incremental') }}

with

charge_postings as (

    select * from {{ ref('int_charge_postings') }}

),

adjudication_postings as (

    select * from {{ ref('int_adjudication_postings') }}

),

transaction_postings as (

    select * from {{ ref('int_transaction_postings') }}

),

posting_types as (

    select * from {{ ref('posting_types') }}

),

unioned as (

    select
        claim_key,
        {{ key_as_text('submission_id') }} as source_id,
        'submission' as posting_event,
        posting_type,
        'primary_payer' as responsibility,
        file_id as source_file_id,
        segment_number as source_segment,
        amount,
        posted_date
    from charge_postings
    union all
    select
        claim_key,
        {{ key_as_text('adjudication_id') }} as source_id,
        posting_event,
        posting_type,
        responsibility,
        file_id as source_file_id,
        segment_number as source_segment,
        amount,
        posted_date
    from adjudication_postings
    union all
    select
        claim_key,
        transaction_id as source_id,
        posting_event,
        posting_type,
        responsibility,
        file_id as source_file_id,
        source_line_number as source_segment,
        amount,
        posted_date
    from transaction_postings

),

final as (

    select
        unioned.claim_key,
        unioned.source_id,
        unioned.posting_event,
        unioned.posting_type,
        posting_types.movement,
        unioned.responsibility,
        unioned.source_file_id,
        unioned.source_segment,
        unioned.amount,
        unioned.posted_date
    from unioned
    left join posting_types on unioned.posting_type = posting_types.posting_type

)

select * from final
