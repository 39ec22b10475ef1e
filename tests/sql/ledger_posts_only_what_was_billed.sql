-- Every account has a charge, and nothing counts before it but money taken from the patient ahead of the bill and
-- what a payer answered or a person posted on an earlier date than the bill's own: those are dated as they were.
{{ config(meta={'scope': 'account'}) }}
select ledger.claim_key
from {{ ref('fct_account_ledger') }} as ledger
group by ledger.claim_key
having
    sum(case when ledger.posting_event = 'submission' then 1 else 0 end) = 0
    and sum(case when ledger.posting_event = 'submission' then 0 else 1 end) > 0
