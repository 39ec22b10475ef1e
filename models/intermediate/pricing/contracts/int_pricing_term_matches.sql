{{ pricing_term_matches(
    terms=ref('stg_reference__contract_terms'),
    term_matches=ref('stg_reference__contract_term_matches')
) }}
