{# True where a positive amount is at least the contract's tolerance: its amount and its percent of expected, both. #}
{% macro at_least_tolerance(amount) -%}
(
    {{ amount }} > 0
    and {{ amount }} >= coalesce(tolerance_amount, 0)
    and {{ amount }} * 100 >= coalesce(tolerance_percent, 0) * expected_allowed_amount
)
{%- endmacro %}
