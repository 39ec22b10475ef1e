{{ config(materialized='ephemeral') }}

{{ pricing_medicare_outpatient(
    line_classes=ref('int_scenario_line_classes'),
    line_bases=ref('int_scenario_line_bases'),
    classes=ref('int_scenario_classes'),
    terms=ref('int_pricing_terms'),
    outpatient_statuses=ref('int_pricing_outpatient_statuses')
) }}
