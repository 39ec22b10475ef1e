{# True where a row's allowed amount is its expected amount times a ratio, but for rounding to cents and the slack. #}
{% macro shows_ratio(relation, ratio) -%}
abs({{ relation }}.allowed_amount - cast({{ relation }}.expected_allowed_amount * {{ ratio }} as decimal(28, 8)))
<= 0.01 + cast({{ relation }}.expected_allowed_amount as decimal(18, 2))
* {{ variance_setting('load_suspect_ratio_slack', 'decimal(9, 6)') }}
{%- endmacro %}
