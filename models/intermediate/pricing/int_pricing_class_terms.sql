{{ pricing_class_terms(
    classes=ref('int_pricing_classes'),
    class_matches=ref('int_pricing_class_matches'),
    terms=ref('int_pricing_terms'),
    schedule_lookups=ref('int_pricing_schedule_lookups'),
    drg_weights=ref('stg_reference__drg_weights'),
    outpatient_statuses=ref('int_pricing_outpatient_statuses')
) }}
