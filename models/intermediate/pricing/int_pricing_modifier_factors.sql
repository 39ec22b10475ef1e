{{ config(materialized='ephemeral') }}

{{ pricing_modifier_factors(
    modifier_percents=ref('int_pricing_modifier_percents')
) }}
