{# A set of integers as one text, the same for the same set; DuckDB sorts a list far faster than an ordered string_agg. #}
{% macro pricing_term_set(measure) -%}
    {{ adapter.dispatch('pricing_term_set', 'owed')(measure) }}
{%- endmacro %}

{% macro default__pricing_term_set(measure) -%}
    {{ dbt.listagg('cast(' ~ measure ~ ' as varchar)', "','", 'order by ' ~ measure) }}
{%- endmacro %}

{% macro duckdb__pricing_term_set(measure) -%}
    array_to_string(list_sort(list({{ measure }})), ',')
{%- endmacro %}
