{# Whole weeks from one date to another, a few days added first; rounded down. #}
{% macro weeks_between(first_date, second_date, added_days=0) -%}
    cast(floor(({{ dbt.datediff(first_date, second_date, 'day') }} + {{ added_days }}) / 7.0) as integer)
{%- endmacro %}
