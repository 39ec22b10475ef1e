-- What a payment says it paid on claims is posted on accounts, or unposted with a reason, or a repetition.
select
    remittance_key,
    claim_paid_amount,
    posted_amount,
    unposted_amount,
    repeated_amount
from {{ ref('fct_remittances') }}
where posted_amount + unposted_amount + repeated_amount <> claim_paid_amount
