{{ pricing_medicare_lines(
    line_classes=ref('int_pricing_line_classes'),
    line_bases=ref('int_pricing_line_bases'),
    class_prices=ref('int_pricing_class_prices'),
    medicare_facts=ref('int_pricing_medicare_facts')
) }}
