{{ config(materialized='incremental') }}

with

postings as (

    select * from {{ ref('int_account_postings') }}
    where posting_type <> 'denied'

),

first_charges as (

    select
        claim_key,
        min(posted_date) as first_charge_date
    from postings
    where posting_event = 'submission'
    group by claim_key

),

final as (

    select
        postings.claim_key,
        postings.source_id,
        postings.posted_date,
        first_charges.first_charge_date
    from postings
    inner join first_charges on postings.claim_key = first_charges.claim_key
    where
        postings.posting_event in ('adjudication', 'replacement', 'reversal', 'reinstatement')
        and postings.posted_date < first_charges.first_charge_date

)

select * from final
