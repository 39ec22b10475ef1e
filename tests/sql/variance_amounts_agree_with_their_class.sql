{{ config(meta={'scope': 'cause'}) }}
select
    claim_key,
    line_number
from {{ ref('fct_payment_variances') }}
where
    variance_amount <> allowed_amount - expected_allowed_amount
    or (variance_class = 'not_priced') <> (variance_amount is null)
    or (variance_class = 'not_priced') <> (not_priced_reason is not null)
    or (variance_class in ('underpaid', 'overpaid')) <> (root_cause is not null)
    or recoverable_amount <> case when variance_class = 'underpaid' then -variance_amount else 0 end
    or recoverable_amount < 0
    or (variance_class = 'overpaid' and variance_amount <= 0)
