{{ pricing_class_terms(
    class_matches=ref('int_scenario_class_matches'),
    schedule_lookups=ref('int_scenario_schedule_lookups'),
    drg_weights=ref('stg_reference__drg_weights')
) }}
