-- Expected would be counted twice.
select
    claim_key,
    count(*) as row_count
from {{ ref('fct_payment_variances') }}
group by claim_key
having min(line_number) = 0 and count(*) > 1
