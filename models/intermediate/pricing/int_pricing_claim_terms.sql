{{ pricing_claim_terms(
    facts=ref('int_pricing_line_facts'),
    line_candidates=ref('int_pricing_line_candidates'),
    class_prices=ref('int_pricing_class_prices')
) }}
