{{ pricing_line_amounts(
    line_bases=ref('int_pricing_line_bases'),
    multiple_procedures=ref('int_pricing_multiple_procedures')
) }}
