{{ pricing_signature_terms(
    line_classes=ref('int_scenario_line_classes'),
    value_terms=ref('int_scenario_value_terms'),
    terms=ref('int_pricing_terms')
) }}
