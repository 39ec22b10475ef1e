{{ pricing_class_prices(
    class_terms=ref('int_pricing_class_terms'),
    modifier_factors=ref('int_pricing_modifier_factors')
) }}
