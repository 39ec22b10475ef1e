-- Expected would be counted twice.
{{ config(meta={'scope': 'cause'}) }}
select
    claim_key,
    count(*) as row_count
from {{ ref('fct_payment_variances') }}
group by claim_key
having min(line_number) = 0 and count(*) > 1
