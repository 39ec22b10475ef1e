{# A date some days later, still a date: adapters differ in giving a timestamp back. #}
{% macro add_days(from_date, days) -%}
    cast({{ dbt.dateadd('day', days, from_date) }} as date)
{%- endmacro %}
