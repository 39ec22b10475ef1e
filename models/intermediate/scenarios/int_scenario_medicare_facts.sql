{{ pricing_medicare_facts(
    classes=ref('int_scenario_classes'),
    class_terms=ref('int_scenario_class_terms'),
    terms=ref('int_pricing_terms'),
    contracts=ref('stg_reference__contracts'),
    medicare_rates=ref('int_medicare_rates')
) }}
