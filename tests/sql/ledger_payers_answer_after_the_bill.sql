-- A payer's answer is dated no earlier than the bill it answers. Dates are the files' own, so this warns: a claim file
-- created late, or a payment misdated, counts from the day it gives.
{{ config(severity='warn') }}
with

first_charges as (

    select
        claim_key,
        min(posted_date) as first_charge_date
    from {{ ref('fct_account_ledger') }}
    where posting_event = 'submission'
    group by claim_key

)

select
    ledger.claim_key,
    ledger.source_id,
    ledger.posted_date,
    first_charges.first_charge_date
from {{ ref('fct_account_ledger') }} as ledger
inner join first_charges on ledger.claim_key = first_charges.claim_key
where
    ledger.posting_event in ('adjudication', 'replacement', 'reversal', 'reinstatement')
    and ledger.posted_date < first_charges.first_charge_date
