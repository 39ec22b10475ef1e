{{ config(materialized='incremental', unique_key='unit_id') }}

-- A claim without lines (a remittance that gives none) is priced by one line 0 holding its charge.
with submissions as (
    select * from {{ ref('int_submissions') }}
    where payer_sequence = 'P'
),

submission_lines as (
    select * from {{ ref('int_submission_lines') }}
),

remittance_claims as (
    select * from {{ ref('int_claims') }}
    where origin = 'remittance'
),

claim_lines as (
    select * from {{ ref('int_claim_lines') }}
),

example_lines as (
    select * from {{ ref('stg_reference__contract_example_lines') }}
),

stacked as (
    select
        submission_lines.submission_id as unit_id,
        submission_lines.line_number,
        submission_lines.procedure_code,
        submission_lines.modifier_1,
        submission_lines.modifier_2,
        submission_lines.modifier_3,
        submission_lines.modifier_4,
        submission_lines.revenue_code,
        submission_lines.place_of_service,
        submission_lines.rendering_npi,
        submission_lines.units,
        case when submission_lines.unit_basis = 'MJ' then submission_lines.units end as anesthesia_minutes,
        submission_lines.charge_amount,
        submission_lines.service_date
    from submission_lines
    inner join submissions on submission_lines.submission_id = submissions.submission_id
    union all
    select
        remittance_claims.claim_key as unit_id,
        coalesce(claim_lines.line_number, 0) as line_number,
        claim_lines.procedure_code,
        claim_lines.modifier_1,
        claim_lines.modifier_2,
        claim_lines.modifier_3,
        claim_lines.modifier_4,
        claim_lines.revenue_code,
        claim_lines.place_of_service,
        claim_lines.rendering_npi,
        claim_lines.units,
        cast(null as decimal(18, 6)) as anesthesia_minutes,
        case when claim_lines.claim_key is null then remittance_claims.charge_amount else claim_lines.charge_amount end
            as charge_amount,
        claim_lines.service_date
    from remittance_claims
    left join claim_lines on remittance_claims.claim_key = claim_lines.claim_key
    union all
    select
        {{ pricing_example_unit('contract_id', 'example_number') }} as unit_id,
        line_number,
        procedure_code,
        modifier_1,
        modifier_2,
        modifier_3,
        modifier_4,
        revenue_code,
        cast(null as varchar) as place_of_service,
        rendering as rendering_npi,
        units,
        case when procedure_code between '00100' and '01999' then units end as anesthesia_minutes,
        charge_amount,
        service_date
    from example_lines
),

-- X12 takes an absent unit count for one.
final as (
    select
        unit_id,
        line_number,
        upper(procedure_code) as procedure_code,
        upper(modifier_1) as modifier_1,
        upper(modifier_2) as modifier_2,
        upper(modifier_3) as modifier_3,
        upper(modifier_4) as modifier_4,
        case when length(revenue_code) < 4 then lpad(revenue_code, 4, '0') else revenue_code end as revenue_code,
        place_of_service,
        rendering_npi,
        coalesce(units, 1) as units,
        anesthesia_minutes,
        charge_amount,
        service_date,
        cast(null as date) as rate_date_override
    from stacked
)

select * from final
