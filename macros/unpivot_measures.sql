{# The measure columns of a relation as rows of (period_month, payer_id, measure, amount): portable, one scan a column. #}
{% macro unpivot_measures(relation, measures) %}
    {%- for measure in measures %}
    select
        period_month,
        payer_id,
        '{{ measure }}' as measure,
        cast({{ measure }} as decimal(18, 2)) as amount
    from {{ relation }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{% endmacro %}
