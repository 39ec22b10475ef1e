{{ pricing_class_matches(
    classes=ref('int_pricing_classes'),
    signature_terms=ref('int_pricing_signature_terms'),
    terms=ref('int_pricing_terms')
) }}
