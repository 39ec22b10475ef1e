{{ pricing_line_choices(
    line_candidates=ref('int_scenario_line_candidates'),
    claim_terms=ref('int_scenario_claim_terms')
) }}
