{{ config(materialized='view') }}

{{ pricing_line_facts(
    claims=ref('int_scenario_claims'),
    lines=ref('int_scenario_lines'),
    contract_choices=ref('int_scenario_contracts'),
    contracts=ref('stg_reference__contracts')
) }}
