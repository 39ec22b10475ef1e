-- Placeholder with the promised columns.
select
    cast(null as date) as as_of_date,
    cast(null as date) as run_date
where false
