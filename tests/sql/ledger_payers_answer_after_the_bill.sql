-- A payer's answer is dated no earlier than the bill it answers. Dates are the files' own, so this warns: a claim file
-- created late, or a payment misdated, counts from the day it gives.
{{ config(severity='warn') }}
select * from {{ ref('int_early_answers') }}
