{{ config(materialized='incremental') }}

select
    claim_key,
    adjudication_id,
    0 as service_number,
    allowed_amount,
    computed_allowed_amount
from {{ ref('int_adjudications') }}
where allowed_amount <> computed_allowed_amount and not is_reversal
union all
select
    claim_key,
    adjudication_id,
    service_number,
    allowed_amount,
    computed_allowed_amount
from {{ ref('int_adjudication_lines') }}
where allowed_amount <> computed_allowed_amount
