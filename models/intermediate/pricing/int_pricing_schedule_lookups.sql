{{ config(materialized='ephemeral') }}

{{ pricing_schedule_lookups(
    classes=ref('int_pricing_classes'),
    class_matches=ref('int_pricing_class_matches'),
    terms=ref('int_pricing_terms'),
    schedule_rates=ref('int_pricing_schedule_rates')
) }}
