{{ pricing_classes(
    line_classes=ref('int_scenario_line_classes')
) }}
