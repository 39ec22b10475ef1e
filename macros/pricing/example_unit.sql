{# The unit under which a contract's example is priced. #}
{% macro pricing_example_unit(contract_id, example_number) -%}
    'example:' || {{ contract_id }} || ':' || cast({{ example_number }} as varchar)
{%- endmacro %}
