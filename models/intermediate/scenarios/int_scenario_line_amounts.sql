{{ pricing_line_amounts(
    line_bases=ref('int_scenario_line_bases'),
    multiple_procedures=ref('int_scenario_multiple_procedures')
) }}
