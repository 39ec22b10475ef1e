{{ pricing_class_matches(
    classes=ref('int_scenario_classes'),
    signature_terms=ref('int_scenario_signature_terms'),
    terms=ref('int_pricing_terms')
) }}
