{{ config(materialized='ephemeral') }}

{{ pricing_contract_reductions(
    line_classes=ref('int_pricing_line_classes'),
    line_bases=ref('int_pricing_line_bases'),
    percents=ref('int_pricing_multiple_procedure_percents')
) }}
