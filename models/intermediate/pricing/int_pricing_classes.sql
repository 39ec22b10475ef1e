{{ pricing_classes(
    line_classes=ref('int_pricing_line_classes')
) }}
