{{ pricing_priced_lines(
    lines=ref('int_scenario_lines'),
    contract_choices=ref('int_scenario_contracts'),
    terms=ref('int_pricing_terms'),
    class_prices=ref('int_scenario_class_prices'),
    line_amounts=ref('int_scenario_line_amounts'),
    priced_claims=ref('int_scenario_priced_claims')
) }}
