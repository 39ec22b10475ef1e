{{ config(materialized='incremental', unique_key='unit_id') }}

-- What there is to price. Contract examples go through the same models and never reach a mart: they have no claim_key.
with submissions as (
    select * from {{ ref('int_submissions') }}
    where payer_sequence = 'P'
),

remittance_claims as (
    select * from {{ ref('int_claims') }}
    where origin = 'remittance'
),

examples as (
    select * from {{ ref('stg_reference__contract_examples') }}
),

stacked as (
    select
        submission_id as unit_id,
        claim_key,
        'submission' as unit_kind,
        claim_type,
        payer_id,
        product_group,
        plan_name,
        filing_code,
        billing_npi,
        billing_tax_id,
        place_of_service,
        bill_type,
        drg,
        principal_diagnosis,
        cast(null as varchar) as forced_contract_id,
        cast(null as integer) as example_number,
        admission_date,
        discharge_date,
        service_from_date,
        service_to_date,
        charge_amount
    from submissions
    union all
    select
        claim_key as unit_id,
        claim_key,
        'remittance' as unit_kind,
        claim_type,
        payer_id,
        product_group,
        plan_name,
        filing_code,
        billing_npi,
        billing_tax_id,
        place_of_service,
        bill_type,
        drg,
        principal_diagnosis,
        cast(null as varchar) as forced_contract_id,
        cast(null as integer) as example_number,
        admission_date,
        discharge_date,
        service_from_date,
        service_to_date,
        charge_amount
    from remittance_claims
    union all
    select
        {{ pricing_example_unit('contract_id', 'example_number') }} as unit_id,
        cast(null as bigint) as claim_key,
        'example' as unit_kind,
        cast(null as varchar) as claim_type,
        cast(null as varchar) as payer_id,
        cast(null as varchar) as product_group,
        cast(null as varchar) as plan_name,
        cast(null as varchar) as filing_code,
        cast(null as varchar) as billing_npi,
        cast(null as varchar) as billing_tax_id,
        place_of_service,
        bill_type,
        drg,
        diagnosis as principal_diagnosis,
        contract_id as forced_contract_id,
        example_number,
        admission as admission_date,
        service_to as discharge_date,
        service_from as service_from_date,
        service_to as service_to_date,
        cast(null as decimal(18, 2)) as charge_amount
    from examples
),

-- Codes as the contract tables spell them. What counterfactuals change is unset: a base unit is priced as it stands.
final as (
    select
        unit_id,
        claim_key,
        unit_kind,
        claim_type,
        payer_id,
        product_group,
        plan_name,
        filing_code,
        billing_npi,
        replace(billing_tax_id, '-', '') as billing_tax_id,
        place_of_service,
        case when left(bill_type, 1) = '0' then substr(bill_type, 2) else bill_type end as bill_type,
        case when length(drg) < 3 then lpad(drg, 3, '0') else drg end as drg,
        replace(upper(principal_diagnosis), '.', '') as principal_diagnosis,
        forced_contract_id,
        example_number,
        false as is_setting_flipped,
        false as is_carve_out_ignored,
        false as is_claim_scope_ignored,
        admission_date,
        discharge_date,
        service_from_date,
        service_to_date,
        charge_amount
    from stacked
)

select * from final
