{{ config(materialized='ephemeral') }}

{{ pricing_medicare_services(
    medicare_lines=ref('int_scenario_medicare_lines')
) }}
