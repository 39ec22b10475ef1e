{{ pricing_priced_claims(
    claims=ref('int_scenario_claims'),
    contract_choices=ref('int_scenario_contracts'),
    contracts=ref('stg_reference__contracts'),
    claim_amounts=ref('int_scenario_claim_amounts')
) }}
