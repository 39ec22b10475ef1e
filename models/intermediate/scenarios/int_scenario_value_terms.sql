{{ pricing_value_terms(
    facts=ref('int_scenario_line_facts'),
    term_matches=ref('int_pricing_term_matches')
) }}
