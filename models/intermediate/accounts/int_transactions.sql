{{ config(materialized='incremental', unique_key='claim_id') }}

with

transactions as (

    select * from {{ ref('stg_accounts__transactions') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

payer_aliases as (

    select * from {{ ref('stg_reference__payer_aliases') }}

),

files as (

    select * from {{ ref('stg_landing__files') }}

),

as_of as (

    select * from {{ ref('int_as_of') }}

),

transaction_types as (

    select * from {{ ref('transaction_types') }}

),

-- One control number may stand for several lineages: money goes to the one that has a ledger, then the newest.
claims_by_id as (

    select
        claim_key,
        claim_id,
        payer_id,
        secondary_payer_id,
        row_number() over (
            partition by claim_id
            order by
                case when is_in_ledger then 0 else 1 end,
                first_submitted_date desc,
                claim_key asc
        ) as choice
    from claims

),

aliases as (

    select
        alias,
        min(payer_id) as payer_id
    from payer_aliases
    group by alias

),

known as (

    select
        transactions.transaction_id,
        transactions.claim_id,
        transactions.posted_date,
        transactions.transaction_type,
        transactions.amount,
        transactions.note,
        transactions.file_number,
        transactions.line_number as source_line_number,
        coalesce(aliases.payer_id, transactions.payer_id) as named_payer_id
    from transactions
    inner join as_of on transactions.posted_date <= as_of.as_of_date
    left join aliases on upper(transactions.payer_id) = aliases.alias

),

matched as (

    select
        known.transaction_id,
        claims_by_id.claim_key,
        known.claim_id,
        files.file_id,
        coalesce(
            known.named_payer_id,
            case when transaction_types.responsibility_rule = 'payer' then claims_by_id.payer_id end
        ) as payer_id,
        known.transaction_type,
        case
            when transaction_types.responsibility_rule = 'patient' then 'patient'
            when transaction_types.responsibility_rule = 'payer'
                and known.named_payer_id = claims_by_id.secondary_payer_id
                and known.named_payer_id <> claims_by_id.payer_id then 'secondary_payer'
            when transaction_types.responsibility_rule = 'payer' then 'primary_payer'
        end as responsibility,
        known.note,
        known.source_line_number,
        cast(known.amount as decimal(18, 2)) as amount,
        known.posted_date
    from known
    left join claims_by_id
        on known.claim_id = claims_by_id.claim_id
            and claims_by_id.choice = 1
    left join transaction_types on known.transaction_type = transaction_types.transaction_type
    left join files on known.file_number = files.file_number

)

select * from matched
