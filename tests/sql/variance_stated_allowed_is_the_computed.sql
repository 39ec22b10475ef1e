-- AMT*B6 and AMT*AU go before what paid amount and adjustments add up to; where they differ, one of them is wrong.
{{ config(meta={'scope': 'claim'}) }}
select
    adjudication_id,
    0 as service_number,
    allowed_amount,
    computed_allowed_amount
from {{ ref('int_adjudications') }}
where allowed_amount <> computed_allowed_amount and not is_reversal
union all
select
    adjudication_id,
    service_number,
    allowed_amount,
    computed_allowed_amount
from {{ ref('int_adjudication_lines') }}
where allowed_amount <> computed_allowed_amount
