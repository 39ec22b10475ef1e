{{ config(materialized='ephemeral') }}

{{ pricing_schedule_lookups(
    classes=ref('int_scenario_classes'),
    class_matches=ref('int_scenario_class_matches'),
    terms=ref('int_pricing_terms'),
    schedule_rates=ref('int_pricing_schedule_rates')
) }}
