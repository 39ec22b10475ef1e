-- What a payment says it paid on claims is posted on accounts, or for claims without one, repeated, or in quarantine.
select
    remittance_key,
    claim_paid_amount,
    posted_amount,
    unposted_amount,
    repeated_amount,
    refused_amount
from {{ ref('fct_remittances') }}
where posted_amount + unposted_amount + repeated_amount + refused_amount <> claim_paid_amount
