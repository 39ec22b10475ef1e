{{ pricing_line_candidates(
    line_classes=ref('int_pricing_line_classes'),
    classes=ref('int_pricing_classes'),
    class_prices=ref('int_pricing_class_prices')
) }}
