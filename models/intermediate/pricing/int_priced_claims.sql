-- Placeholder with the promised columns.
select
    cast(null as varchar) as unit_id,
    cast(null as varchar) as claim_key,
    cast(null as varchar) as contract_id,
    cast(null as varchar) as not_priced_reason,
    cast(null as boolean) as is_claim_priced,
    cast(null as varchar) as claim_term_id,
    cast(null as decimal(18,2)) as expected_allowed_amount
where false
