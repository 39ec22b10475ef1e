{# The month a posting falls in; one dated before the months we keep (a typing mistake) falls in the first of them. #}
{% macro posting_month(posted_date) -%}
    greatest({{ month_of(posted_date) }}, cast('1980-01-01' as date))
{%- endmacro %}
