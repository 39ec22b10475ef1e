-- Placeholder with the promised columns.
select
    cast(null as varchar) as transaction_id,
    cast(null as varchar) as claim_key,
    cast(null as varchar) as claim_id,
    cast(null as date) as posted_date,
    cast(null as varchar) as transaction_type,
    cast(null as decimal(18,2)) as amount,
    cast(null as varchar) as payer_id,
    cast(null as varchar) as responsibility,
    cast(null as varchar) as note,
    cast(null as varchar) as file_id,
    cast(null as integer) as source_line_number
where false
