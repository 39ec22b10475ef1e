{{ pricing_line_choices(
    line_candidates=ref('int_pricing_line_candidates'),
    claim_terms=ref('int_pricing_claim_terms')
) }}
