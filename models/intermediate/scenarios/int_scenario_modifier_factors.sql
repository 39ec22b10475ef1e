{{ pricing_modifier_factors(
    class_terms=ref('int_scenario_class_terms'),
    contract_modifiers=ref('stg_reference__contract_modifiers')
) }}
