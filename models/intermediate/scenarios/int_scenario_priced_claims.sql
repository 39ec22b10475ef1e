{{ pricing_priced_claims(
    claims=ref('int_scenario_claims'),
    contract_choices=ref('int_scenario_contracts'),
    contracts=ref('stg_reference__contracts'),
    terms=ref('int_pricing_terms'),
    line_classes=ref('int_scenario_line_classes'),
    line_amounts=ref('int_scenario_line_amounts'),
    claim_terms=ref('int_scenario_claim_terms')
) }}
