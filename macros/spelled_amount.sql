{# An amount as a sentence has it, `1,234.50`. Doubles hold every cent below ninety thousand billion. #}
{% macro spelled_amount(amount) -%}
format('{:,.2f}', cast({{ amount }} as double))
{%- endmacro %}
