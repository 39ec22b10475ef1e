{{ config(materialized='ephemeral') }}

{{ pricing_medicare_surgery(
    medicare_lines=ref('int_pricing_medicare_lines')
) }}
