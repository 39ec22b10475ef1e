-- A claim answered as nothing but a forecast (CLP02 25) or by services nobody can place has no row to lose.
{{ config(meta={'scope': 'cause'}) }}
with answered as (
    select * from {{ ref('int_adjudications') }}
    where is_latest and not is_reversal and not is_duplicate and not is_pretend
),

variances as (
    select distinct claim_key from {{ ref('fct_payment_variances') }}
)

select answered.claim_key
from answered
left join variances
    on answered.claim_key = variances.claim_key
where variances.claim_key is null
