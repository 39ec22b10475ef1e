{{ pricing_contract_choice(
    claims=ref('int_pricing_claims'),
    contract_scopes=ref('int_pricing_contract_scopes')
) }}
