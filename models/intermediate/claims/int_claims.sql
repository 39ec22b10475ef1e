{{ config(materialized='incremental', meta={'scope': 'claim', 'completes': ['claim', 'account']}) }}

-- One row a claim lineage, billed by us or known from remittances alone.
with

billed as (

    select
        claim_key,
        lineage_claim_id as claim_id,
        'claim' as origin,
        claim_type,
        case when payer_sequence = 'P' then payer_id else primary_payer_id end as payer_id,
        lineage_secondary_payer_id as secondary_payer_id,
        billing_npi,
        billing_tax_id,
        patient_key,
        product_group,
        plan_name,
        filing_code,
        place_of_service,
        bill_type,
        drg,
        principal_diagnosis,
        admission_date,
        discharge_date,
        service_from_date,
        service_to_date,
        first_submitted_date,
        submission_id as current_submission_id,
        case when is_void then cast(0 as decimal(18, 2)) else charge_amount end as charge_amount,
        is_void,
        has_primary_submission
    from {{ ref('int_billed_lineages') }}

),

remitted as (

    select
        claim_key,
        claim_id,
        'remittance' as origin,
        claim_type,
        payer_id,
        cast(null as varchar) as secondary_payer_id,
        billing_npi,
        billing_tax_id,
        patient_key,
        cast(null as varchar) as product_group,
        cast(null as varchar) as plan_name,
        cast(null as varchar) as filing_code,
        case when claim_type <> 'institutional' then facility_code end as place_of_service,
        case when claim_type = 'institutional' then facility_code || coalesce(frequency_code, '') end as bill_type,
        drg,
        cast(null as varchar) as principal_diagnosis,
        cast(null as date) as admission_date,
        case when claim_type = 'institutional' and drg is not null then service_to_date end as discharge_date,
        service_from_date,
        service_to_date,
        cast(null as date) as first_submitted_date,
        cast(null as bigint) as current_submission_id,
        charge_amount,
        false as is_void,
        false as has_primary_submission
    from {{ ref('int_remittance_lineages') }}

),

claims as (

    select * from billed
    union all
    select * from remitted

),

final as (

    select
        claims.claim_key,
        claims.claim_id,
        claims.origin,
        claims.claim_type,
        claims.payer_id,
        coalesce(payers.payer_class, 'other') as payer_class,
        nullif(claims.secondary_payer_id, claims.payer_id) as secondary_payer_id,
        claims.billing_npi,
        claims.billing_tax_id,
        claims.patient_key,
        claims.product_group,
        claims.plan_name,
        claims.filing_code,
        claims.place_of_service,
        claims.bill_type,
        claims.drg,
        claims.principal_diagnosis,
        claims.admission_date,
        claims.discharge_date,
        claims.service_from_date,
        claims.service_to_date,
        claims.first_submitted_date,
        claims.current_submission_id,
        claims.charge_amount,
        claims.is_void,
        claims.has_primary_submission,
        claims.origin = 'claim' and claims.has_primary_submission as is_in_ledger
    from claims
    left join {{ ref('int_payers') }} as payers on claims.payer_id = payers.payer_id

)

select * from final
