{# The unit under which a contract's example is priced. #}
{% macro pricing_example_unit(contract_id, example_number) -%}
    {{ stable_key(["'example'", contract_id, example_number]) }}
{%- endmacro %}
