{{ config(materialized='ephemeral') }}

{{ pricing_contract_scopes(
    claims=ref('int_pricing_claims'),
    contracts=ref('stg_reference__contracts'),
    products=ref('stg_reference__contract_products'),
    claim_types=ref('stg_reference__contract_claim_types'),
    providers=ref('stg_reference__contract_providers')
) }}
