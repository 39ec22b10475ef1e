{{ pricing_term_rows(
    contracts=ref('stg_reference__contracts'),
    terms=ref('stg_reference__contract_terms')
) }}
