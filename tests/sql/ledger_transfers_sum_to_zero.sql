-- What leaves one responsibility arrives at another: an account is never changed by a transfer.
{{ config(meta={'scope': 'account'}) }}
select
    claim_key,
    posted_date,
    sum(amount) as created_amount
from {{ ref('fct_account_ledger') }}
where posting_type = 'patient_responsibility_transfer'
group by
    claim_key,
    posted_date
having sum(amount) <> 0
