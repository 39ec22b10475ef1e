{{ config(materialized='incremental', unique_key='unit_id') }}

{{ pricing_priced_lines(
    lines=ref('int_pricing_lines'),
    contract_choices=ref('int_pricing_contracts'),
    terms=ref('int_pricing_terms'),
    class_prices=ref('int_pricing_class_prices'),
    line_amounts=ref('int_pricing_line_amounts'),
    priced_claims=ref('int_priced_claims')
) }}
