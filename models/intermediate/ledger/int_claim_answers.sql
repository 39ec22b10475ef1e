{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with

adjudications as (

    select * from {{ ref('int_adjudications') }}
    where not is_duplicate and not is_pretend

),

reversals as (

    select * from {{ ref('int_adjudication_reversals') }}

),

-- Where the payer took its latest answer back, the one before it stands again, or none.
taken_back as (

    select adjudications.claim_key
    from adjudications
    inner join reversals
        on adjudications.adjudication_id = reversals.reversed_adjudication_id
            and adjudications.is_latest

),

standing_again as (

    select
        adjudications.claim_key,
        adjudications.adjudication_id,
        row_number() over (
            partition by adjudications.claim_key
            order by
                adjudications.latest_rank asc nulls last,
                adjudications.remit_date desc,
                adjudications.adjudication_number desc,
                adjudications.adjudication_id asc
        ) as preference
    from adjudications
    inner join taken_back on adjudications.claim_key = taken_back.claim_key
    left join reversals on adjudications.adjudication_id = reversals.reversed_adjudication_id
    where
        adjudications.payer_role = 'primary_payer'
        and not adjudications.is_reversal
        and reversals.reversal_id is null

),

marked as (

    select
        adjudications.*,
        case
            when taken_back.claim_key is null then adjudications.is_latest
            else standing_again.adjudication_id is not null
        end as is_standing
    from adjudications
    left join taken_back on adjudications.claim_key = taken_back.claim_key
    left join standing_again
        on adjudications.adjudication_id = standing_again.adjudication_id
            and standing_again.preference = 1

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
        max(case when adjudications.is_latest then coalesce(shares.denial_class_amount, 0) end) as denied_amount,
        max(case when adjudications.is_standing then 1 else 0 end) = 1 as is_answered,
        max(case when adjudications.is_standing then adjudications.allowed_amount end) as standing_allowed_amount,
        max(case when adjudications.is_standing then shares.denial_class_amount end) as standing_denied_amount
    from marked as adjudications
    left join shares on adjudications.adjudication_id = shares.adjudication_id
    group by adjudications.claim_key

)

select * from final
