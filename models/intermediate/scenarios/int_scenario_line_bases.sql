{{ pricing_line_bases(
    line_choices=ref('int_scenario_line_choices'),
    class_prices=ref('int_scenario_class_prices'),
    per_diem_amounts=ref('int_scenario_per_diem_amounts')
) }}
