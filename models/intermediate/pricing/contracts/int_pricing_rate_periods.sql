{{ pricing_rate_periods(
    terms=ref('int_pricing_terms'),
    schedule_rates=ref('int_pricing_schedule_rates'),
    drg_weights=ref('stg_reference__drg_weights')
) }}
