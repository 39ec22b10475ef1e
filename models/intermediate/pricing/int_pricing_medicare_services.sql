{{ config(materialized='ephemeral') }}

{{ pricing_medicare_services(
    medicare_lines=ref('int_pricing_medicare_lines')
) }}
