{{ config(materialized='ephemeral') }}

{{ pricing_per_diem_amounts(
    line_choices=ref('int_scenario_line_choices'),
    terms=ref('int_pricing_terms'),
    tiers=ref('int_pricing_tiers')
) }}
