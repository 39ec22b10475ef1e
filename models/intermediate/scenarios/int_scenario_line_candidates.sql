{{ pricing_line_candidates(
    line_classes=ref('int_scenario_line_classes'),
    classes=ref('int_scenario_classes'),
    class_prices=ref('int_scenario_class_prices')
) }}
