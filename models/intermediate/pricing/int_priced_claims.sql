{{ config(materialized='incremental', unique_key='unit_id') }}

{{ pricing_priced_claims(
    claims=ref('int_pricing_claims'),
    contract_choices=ref('int_pricing_contracts'),
    contracts=ref('stg_reference__contracts'),
    claim_amounts=ref('int_pricing_claim_amounts')
) }}
