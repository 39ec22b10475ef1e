{{ pricing_claim_terms(
    line_classes=ref('int_scenario_line_classes'),
    line_candidates=ref('int_scenario_line_candidates'),
    class_prices=ref('int_scenario_class_prices')
) }}
