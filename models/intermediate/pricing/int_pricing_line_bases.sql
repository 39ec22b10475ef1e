{{ pricing_line_bases(
    line_choices=ref('int_pricing_line_choices'),
    class_prices=ref('int_pricing_class_prices'),
    per_diem_amounts=ref('int_pricing_per_diem_amounts')
) }}
