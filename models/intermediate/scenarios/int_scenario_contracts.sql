{{ pricing_contract_choice(
    claims=ref('int_scenario_claims'),
    contract_scopes=ref('int_scenario_contract_scopes')
) }}
