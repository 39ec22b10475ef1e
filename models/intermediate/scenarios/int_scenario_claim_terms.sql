{{ pricing_claim_terms(
    facts=ref('int_scenario_line_facts'),
    line_candidates=ref('int_scenario_line_candidates'),
    class_prices=ref('int_scenario_class_prices')
) }}
