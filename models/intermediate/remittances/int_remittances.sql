-- Placeholder with the promised columns.
select
    cast(null as varchar) as remittance_key,
    cast(null as varchar) as file_id,
    cast(null as integer) as segment_number,
    cast(null as varchar) as payer_id,
    cast(null as varchar) as trace_number,
    cast(null as date) as payment_date,
    cast(null as decimal(18, 2)) as payment_amount,
    cast(null as varchar) as payment_method,
    cast(null as decimal(18, 2)) as claim_paid_amount,
    cast(null as decimal(18, 2)) as provider_adjustment_amount,
    cast(null as boolean) as is_balanced,
    cast(null as boolean) as is_duplicate
where false
