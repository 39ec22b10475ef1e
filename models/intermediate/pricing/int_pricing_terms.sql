{{ pricing_terms(
    contracts=ref('stg_reference__contracts'),
    terms=ref('stg_reference__contract_terms'),
    term_matches=ref('int_pricing_term_matches'),
    schedule_rates=ref('int_pricing_schedule_rates')
) }}
