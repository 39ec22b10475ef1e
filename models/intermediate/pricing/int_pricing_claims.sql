-- Placeholder with the promised columns.
select
    cast(null as varchar) as unit_id,
    cast(null as varchar) as claim_key,
    cast(null as varchar) as claim_type,
    cast(null as varchar) as payer_id,
    cast(null as varchar) as product_group,
    cast(null as varchar) as plan_name,
    cast(null as varchar) as filing_code,
    cast(null as varchar) as billing_npi,
    cast(null as varchar) as billing_tax_id,
    cast(null as varchar) as place_of_service,
    cast(null as varchar) as bill_type,
    cast(null as varchar) as drg,
    cast(null as varchar) as principal_diagnosis,
    cast(null as date) as admission_date,
    cast(null as date) as discharge_date,
    cast(null as date) as service_from_date,
    cast(null as date) as service_to_date,
    cast(null as decimal(18,2)) as charge_amount
where false
