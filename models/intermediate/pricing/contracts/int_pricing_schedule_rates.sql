{{ pricing_schedule_rates(
    fee_schedule_rates=ref('stg_reference__fee_schedule_rates'),
    medicare_rates=ref('int_medicare_rates')
) }}
