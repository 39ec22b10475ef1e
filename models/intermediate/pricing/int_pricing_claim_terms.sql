{{ pricing_claim_terms(
    line_classes=ref('int_pricing_line_classes'),
    line_candidates=ref('int_pricing_line_candidates'),
    class_prices=ref('int_pricing_class_prices')
) }}
