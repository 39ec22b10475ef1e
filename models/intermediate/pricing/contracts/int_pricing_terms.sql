{{ pricing_terms(
    contracts=ref('stg_reference__contracts'),
    term_rows=ref('int_pricing_term_rows'),
    term_matches=ref('int_pricing_term_matches'),
    schedule_rates=ref('int_pricing_schedule_rates')
) }}
