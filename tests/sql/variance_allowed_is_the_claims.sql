-- Claim-level adjustments make a claim one row; a remainder here means a remittance that does not add up in itself.
select * from {{ ref('int_unbalanced_claims') }}
