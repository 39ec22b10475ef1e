{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with

adjudications as (

    select * from {{ ref('int_adjudications') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

-- What was sent twice or only pretended posts nothing, nor does a claim we never billed (rule 13).
posted as (

    select
        adjudications.adjudication_id,
        adjudications.claim_key,
        adjudications.remittance_key,
        adjudications.file_id,
        coalesce(adjudications.payer_id, '') as payer_id,
        adjudications.payer_role,
        adjudications.responsibility,
        adjudications.status_code,
        coalesce(adjudications.payer_claim_control_number, '') as payer_claim_control_number,
        adjudications.segment_number,
        row_number() over (
            partition by adjudications.claim_key, adjudications.payer_id
            order by adjudications.remit_date, adjudications.adjudication_number
        ) as event_number,
        coalesce(adjudications.payer_paid_amount, 0) as payer_paid_amount,
        adjudications.is_reversal,
        coalesce(adjudications.remit_date, claims.first_submitted_date) as posted_date
    from adjudications
    inner join claims
        on adjudications.claim_key = claims.claim_key
            and claims.is_in_ledger
    where
        not adjudications.is_duplicate
        and not adjudications.is_pretend

)

select * from posted
