{{ pricing_signature_terms(
    line_classes=ref('int_pricing_line_classes'),
    value_terms=ref('int_pricing_value_terms'),
    terms=ref('int_pricing_terms')
) }}
