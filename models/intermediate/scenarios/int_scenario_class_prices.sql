{{ pricing_class_prices(
    class_matches=ref('int_scenario_class_matches'),
    class_terms=ref('int_scenario_class_terms'),
    terms=ref('int_pricing_terms'),
    modifier_factors=ref('int_scenario_modifier_factors'),
    contracts=ref('stg_reference__contracts')
) }}
