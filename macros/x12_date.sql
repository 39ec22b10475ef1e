{# The date in the first eight characters of an X12 date or period (CCYYMMDD); null where it is none. #}
{% macro x12_date(expression) -%}
    {{ return(adapter.dispatch('x12_date')(expression)) }}
{%- endmacro %}

{% macro default__x12_date(expression) -%}
    try_cast(to_date(substr({{ expression }}, 1, 8), 'yyyyMMdd') as date)
{%- endmacro %}

{% macro duckdb__x12_date(expression) -%}
    cast(try_strptime(substr({{ expression }}, 1, 8), '%Y%m%d') as date)
{%- endmacro %}
