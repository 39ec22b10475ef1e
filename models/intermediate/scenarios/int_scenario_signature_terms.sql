{{ config(materialized='ephemeral') }}

{{ pricing_signature_terms(
    classes=ref('int_scenario_classes'),
    value_terms=ref('int_scenario_value_terms'),
    terms=ref('int_pricing_terms')
) }}
