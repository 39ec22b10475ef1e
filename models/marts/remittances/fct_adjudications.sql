{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with adjudications as (
    select * from {{ ref('int_adjudications') }}
),

claim_remarks as (
    select * from {{ ref('int_claim_remarks') }}
),

final as (
    select
        adjudications.claim_key,
        adjudications.adjudication_id,
        adjudications.claim_id,
        adjudications.payer_id,
        adjudications.payer_role,
        adjudications.adjudication_number,
        adjudications.status_code,
        adjudications.payer_claim_control_number,
        adjudications.remittance_key,
        claim_remarks.remark_codes,
        adjudications.charge_amount,
        cast(adjudications.allowed_amount as decimal(18, 2)) as allowed_amount,
        adjudications.payer_paid_amount,
        adjudications.patient_responsibility_amount,
        adjudications.is_reversal,
        adjudications.is_duplicate,
        adjudications.is_latest,
        adjudications.remit_date
    from adjudications
    left outer join claim_remarks
        on adjudications.adjudication_id = claim_remarks.adjudication_id
)

select * from final
