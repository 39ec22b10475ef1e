{# The first day of a date's month, still a date. `date_trunc` would return a timestamp, and takes three times as long. #}
{% macro month_of(date_column) -%}
    ({{ date_column }} - cast(day({{ date_column }}) - 1 as integer))
{%- endmacro %}
