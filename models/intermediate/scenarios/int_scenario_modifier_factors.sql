{{ config(materialized='ephemeral') }}

{{ pricing_modifier_factors(
    modifier_percents=ref('int_scenario_modifier_percents')
) }}
