-- Placeholder with the promised columns.
select
    cast(null as varchar) as submission_id,
    cast(null as integer) as line_number,
    cast(null as varchar) as line_control_number,
    cast(null as varchar) as procedure_qualifier,
    cast(null as varchar) as procedure_code,
    cast(null as varchar) as modifier_1,
    cast(null as varchar) as modifier_2,
    cast(null as varchar) as modifier_3,
    cast(null as varchar) as modifier_4,
    cast(null as varchar) as modifiers,
    cast(null as varchar) as revenue_code,
    cast(null as decimal(18,6)) as units,
    cast(null as varchar) as unit_basis,
    cast(null as date) as service_date,
    cast(null as decimal(18,2)) as charge_amount,
    cast(null as varchar) as place_of_service,
    cast(null as varchar) as rendering_npi
where false
