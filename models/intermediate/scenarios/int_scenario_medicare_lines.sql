{{ pricing_medicare_lines(
    line_classes=ref('int_scenario_line_classes'),
    line_bases=ref('int_scenario_line_bases'),
    class_prices=ref('int_scenario_class_prices'),
    medicare_facts=ref('int_scenario_medicare_facts')
) }}
