with

transactions as (

    select * from {{ ref('int_transactions') }}

),

transaction_types as (

    select * from {{ ref('transaction_types') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

superseded as (

    select * from {{ ref('int_superseded_payments') }}

),

postings as (

    select
        transactions.transaction_id,
        transactions.claim_key,
        transactions.file_id,
        transaction_types.posting_type,
        transactions.responsibility,
        transactions.payer_id,
        transactions.source_line_number,
        transaction_types.sign * transactions.amount as amount,
        transactions.posted_date
    from transactions
    inner join claims
        on transactions.claim_key = claims.claim_key
            and claims.is_in_ledger
    inner join transaction_types
        on transactions.transaction_type = transaction_types.transaction_type
            and not transaction_types.is_event

),

-- The remittance says what was paid: what a person posted ahead of it is taken back the day it counts twice.
taken_back as (

    select
        postings.transaction_id,
        postings.claim_key,
        postings.file_id,
        postings.posting_type,
        postings.responsibility,
        postings.payer_id,
        postings.source_line_number,
        -postings.amount as amount,
        superseded.superseded_date as posted_date
    from postings
    inner join superseded on postings.transaction_id = superseded.transaction_id

),

unioned as (

    select *, 'transaction' as posting_event from postings
    union all
    select *, 'superseded' as posting_event from taken_back

),

final as (

    select
        transaction_id,
        claim_key,
        file_id,
        posting_event,
        posting_type,
        responsibility,
        payer_id,
        source_line_number,
        cast(amount as decimal(18, 2)) as amount,
        posted_date
    from unioned
    where amount <> 0

)

select * from final
