{{ config(materialized='incremental') }}

with adjudications as (
    select * from {{ ref('int_adjudications') }}
    where not is_reversal and not is_duplicate and not is_pretend
),

line_rows as (
    select * from {{ ref('int_answered_line_totals') }}
),

adjustments as (
    select * from {{ ref('int_adjustments') }}
),

adjustment_totals as (
    select
        adjudication_id,
        cast(sum(case when adjustment_class = 'patient' then amount else 0 end) as decimal(18, 2))
            as patient_responsibility_amount,
        cast(sum(case when adjustment_class = 'denial' then amount else 0 end) as decimal(18, 2)) as denied_amount,
        cast(sum(case when service_number is null then abs(amount) else 0 end) as decimal(18, 2)) as claim_level_amount
    from adjustments
    group by adjudication_id
),

line_totals as (
    select
        adjudication_id,
        cast(sum(allowed_amount) as decimal(18, 2)) as allowed_amount
    from line_rows
    group by adjudication_id
),

claim_rows as (
    select
        adjudications.adjudication_id,
        0 as line_number,
        cast(null as varchar) as procedure_code,
        cast(null as varchar) as modifiers,
        cast(null as varchar) as original_procedure_code,
        cast(null as date) as service_date,
        cast(null as decimal(18, 6)) as units,
        adjudications.charge_amount,
        adjudications.payer_paid_amount,
        adjudications.allowed_amount,
        -- CLP05 also holds denials shifted to the patient, so it serves only where no adjustment says more.
        coalesce(adjustment_totals.patient_responsibility_amount, adjudications.patient_responsibility_amount, 0)
            as patient_responsibility_amount,
        coalesce(adjustment_totals.denied_amount, 0) as denied_amount,
        true as is_billed,
        -- Claim-level adjustments that change what was allowed cannot be laid on any one line.
        coalesce(adjustment_totals.claim_level_amount, 0) <> 0
        and adjudications.allowed_amount <> line_totals.allowed_amount as is_known_only_whole
    from adjudications
    left outer join adjustment_totals
        on adjudications.adjudication_id = adjustment_totals.adjudication_id
    left outer join line_totals
        on adjudications.adjudication_id = line_totals.adjudication_id
),

stacked as (
    select
        *,
        false as is_known_only_whole
    from line_rows
    union all
    select * from claim_rows
),

final as (
    select
        stacked.adjudication_id,
        adjudications.claim_key,
        adjudications.payer_id,
        adjudications.adjudication_number,
        adjudications.remit_date,
        stacked.line_number,
        stacked.procedure_code,
        stacked.modifiers,
        stacked.original_procedure_code,
        stacked.service_date,
        stacked.units,
        stacked.charge_amount,
        stacked.payer_paid_amount,
        stacked.allowed_amount,
        stacked.patient_responsibility_amount,
        stacked.denied_amount,
        stacked.is_billed,
        adjudications.has_service_lines,
        coalesce(stacked.is_known_only_whole, false) or not adjudications.has_service_lines as is_known_only_whole
    from stacked
    inner join adjudications
        on stacked.adjudication_id = adjudications.adjudication_id
)

select * from final
