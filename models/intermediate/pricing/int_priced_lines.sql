-- Placeholder with the promised columns.
select
    cast(null as varchar) as unit_id,
    cast(null as integer) as line_number,
    cast(null as varchar) as contract_id,
    cast(null as varchar) as term_id,
    cast(null as varchar) as method,
    cast(null as decimal(18,6)) as rate_amount,
    cast(null as decimal(18,6)) as percent,
    cast(null as decimal(18,6)) as units,
    cast(null as decimal(18,6)) as modifier_percent,
    cast(null as decimal(18,6)) as multiple_procedure_percent,
    cast(null as varchar) as multiple_procedure_rank,
    cast(null as decimal(18,2)) as expected_allowed_amount,
    cast(null as varchar) as not_priced_reason
where false
