-- Placeholder with the promised columns.
select cast(null as date) as event_date
where false
