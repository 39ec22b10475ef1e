-- Placeholder with the promised columns.
select
    cast(null as varchar) as payer_id,
    cast(null as varchar) as payer_name,
    cast(null as varchar) as payer_class,
    cast(null as boolean) as is_unlisted
where false
