{{ config(materialized='view') }}

{{ pricing_line_facts(
    claims=ref('int_pricing_claims'),
    lines=ref('int_pricing_lines'),
    contract_choices=ref('int_pricing_contracts'),
    contracts=ref('stg_reference__contracts')
) }}
