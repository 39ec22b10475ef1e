{{ pricing_class_terms(
    classes=ref('int_scenario_classes'),
    class_matches=ref('int_scenario_class_matches'),
    terms=ref('int_pricing_terms'),
    schedule_lookups=ref('int_scenario_schedule_lookups'),
    drg_weights=ref('stg_reference__drg_weights'),
    outpatient_statuses=ref('int_pricing_outpatient_statuses')
) }}
