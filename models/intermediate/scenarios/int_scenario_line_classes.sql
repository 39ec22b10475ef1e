{{ pricing_line_classes(
    facts=ref('int_scenario_line_facts'),
    value_terms=ref('int_scenario_value_terms'),
    rate_periods=ref('int_pricing_rate_periods')
) }}
