-- Placeholder with the promised columns.
select
    cast(null as varchar) as adjudication_id,
    cast(null as varchar) as claim_key,
    cast(null as integer) as service_number,
    cast(null as integer) as adjustment_number,
    cast(null as integer) as segment_number,
    cast(null as varchar) as group_code,
    cast(null as varchar) as reason_code,
    cast(null as decimal(18,2)) as amount,
    cast(null as decimal(18,6)) as quantity,
    cast(null as varchar) as adjustment_class,
    cast(null as varchar) as denial_category,
    cast(null as boolean) as is_preventable
where false
