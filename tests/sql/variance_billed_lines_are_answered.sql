-- A line left out of an otherwise itemised answer has no row of its own anywhere: ask the payer for it.
select * from {{ ref('int_unanswered_lines') }}
