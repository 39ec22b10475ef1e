-- Placeholder with the promised columns.
select
    cast(null as varchar) as remittance_key,
    cast(null as integer) as adjustment_number,
    cast(null as varchar) as payer_id,
    cast(null as date) as payment_date,
    cast(null as varchar) as adjustment_code,
    cast(null as varchar) as reference_id,
    cast(null as decimal(18, 2)) as adjustment_amount,
    cast(null as boolean) as is_duplicate
where false
