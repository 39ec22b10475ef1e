{{ config(materialized='list', meta={'lists': 'credit'}) }}
-- depends_on: {{ ref('int_variance_causes') }} {{ ref('int_provider_adjustments') }}

with

claims as (

    select * from {{ ref('int_claims') }}

),

adjudications as (

    select * from {{ ref('int_adjudications') }}

),

-- What the adjustments name that are new or came out otherwise.
named as (

    {{ listed('reference_id', 'credit') }}

),

-- What a patient owes on one account can explain a credit on another; a claim that is no more had a patient too.
patients as (

    {{ listed('patient_key', 'account') }}
    union
    select patient_key from claims
    where claim_key in ({{ listed('claim_key', 'account') }})

),

claim_references as (

    select {{ reference_word('reference_id', 1) }} as claim_reference from named
    union
    select {{ reference_word('reference_id', 2) }} as claim_reference from named

),

final as (

    {{ listed('claim_key', 'account') }}
    union
    {{ listed('claim_key', 'cause') }}
    union
    select claim_key from claims
    where patient_key in (select patients.patient_key from patients)
    union
    select claim_key from claims
    where upper(claim_id) in (select claim_references.claim_reference from claim_references)
    union
    select claim_key from adjudications
    where upper(payer_claim_control_number) in (select claim_references.claim_reference from claim_references)

)

select * from final
