{{ config(materialized='view') }}

{{ pricing_steps(
    claims=ref('int_pricing_claims'),
    priced_claims=ref('int_priced_claims'),
    priced_lines=ref('int_priced_lines'),
    terms=ref('int_pricing_terms'),
    tiers=ref('int_pricing_tiers'),
    contracts=ref('stg_reference__contracts')
) }}
