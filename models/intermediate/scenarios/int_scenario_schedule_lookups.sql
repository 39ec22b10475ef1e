{{ pricing_schedule_lookups(
    class_matches=ref('int_scenario_class_matches'),
    schedule_rates=ref('int_pricing_schedule_rates')
) }}
