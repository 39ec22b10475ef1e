{{ config(materialized='ephemeral') }}

{{ pricing_claim_amounts(
    line_classes=ref('int_pricing_line_classes'),
    line_amounts=ref('int_pricing_line_amounts'),
    claim_terms=ref('int_pricing_claim_terms'),
    terms=ref('int_pricing_terms')
) }}
