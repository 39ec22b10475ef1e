{{ pricing_tiers(
    terms=ref('stg_reference__contract_terms'),
    term_tiers=ref('stg_reference__contract_term_tiers')
) }}
