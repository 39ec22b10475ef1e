{# The month a posting falls in; one dated before the months we keep (a typing mistake) falls in the first of them. #}
{% macro posting_month(posted_date) -%}
    greatest(cast({{ dbt.date_trunc('month', posted_date) }} as date), cast('1980-01-01' as date))
{%- endmacro %}
