{{ pricing_class_prices(
    class_terms=ref('int_scenario_class_terms'),
    modifier_factors=ref('int_scenario_modifier_factors')
) }}
