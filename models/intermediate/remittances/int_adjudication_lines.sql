-- Placeholder with the promised columns.
select
    cast(null as varchar) as adjudication_id,
    cast(null as varchar) as claim_key,
    cast(null as integer) as service_number,
    cast(null as integer) as line_number,
    cast(null as varchar) as match_method,
    cast(null as integer) as segment_number,
    cast(null as varchar) as procedure_code,
    cast(null as varchar) as modifiers,
    cast(null as varchar) as revenue_code,
    cast(null as decimal(18,6)) as units,
    cast(null as varchar) as original_procedure_code,
    cast(null as varchar) as original_modifiers,
    cast(null as decimal(18,6)) as original_units,
    cast(null as date) as service_date,
    cast(null as decimal(18,2)) as charge_amount,
    cast(null as decimal(18,2)) as payer_paid_amount,
    cast(null as decimal(18,2)) as allowed_amount,
    cast(null as decimal(18,2)) as denied_amount,
    cast(null as decimal(18,2)) as patient_responsibility_amount,
    cast(null as decimal(18,2)) as contractual_amount,
    cast(null as varchar) as remark_codes
where false
