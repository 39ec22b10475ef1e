{{ pricing_class_terms(
    class_matches=ref('int_pricing_class_matches'),
    schedule_lookups=ref('int_pricing_schedule_lookups'),
    drg_weights=ref('stg_reference__drg_weights')
) }}
