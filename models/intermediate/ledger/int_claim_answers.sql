{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with

adjudications as (

    select * from {{ ref('int_adjudications') }}
    where not is_duplicate and not is_pretend

),

shares as (

    select * from {{ ref('int_adjudication_shares') }}

),

final as (

    select
        adjudications.claim_key,
        min(adjudications.remit_date) as first_remit_date,
        cast(sum(adjudications.payer_paid_amount) as decimal(18, 2)) as payer_paid_amount,
        max(case when adjudications.is_latest then adjudications.adjudication_id end) as latest_adjudication_id,
        max(case when adjudications.is_latest then adjudications.allowed_amount end) as allowed_amount,
        max(case when adjudications.is_latest then adjudications.payer_paid_amount end) as latest_paid_amount,
        -- CLP05 counts only where no adjustment says more: it also holds what was denied to the patient.
        max(case
            when adjudications.is_latest
                then coalesce(shares.patient_class_amount, adjudications.patient_responsibility_amount, 0)
        end) as patient_responsibility_amount,
        max(case when adjudications.is_latest then coalesce(shares.contractual_amount, 0) end) as contractual_amount,
        max(case when adjudications.is_latest then coalesce(shares.denial_class_amount, 0) end) as denied_amount
    from adjudications
    left join shares on adjudications.adjudication_id = shares.adjudication_id
    group by adjudications.claim_key

)

select * from final
