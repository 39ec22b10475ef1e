{{ config(materialized='ephemeral') }}

{{ pricing_medicare_surgery(
    medicare_lines=ref('int_scenario_medicare_lines')
) }}
