{# The classes of lines, numbered. One row a class. #}
{% macro pricing_classes(line_classes) %}
with line_classes as (
    select * from {{ line_classes }}
),

distinct_classes as (
    select
        pricing_class,
        {%- for column in [
            'contract_id', 'signature', 'setting', 'procedure_code', 'modifier_1', 'modifier_2', 'modifier_3',
            'modifier_4', 'drg', 'has_two_sides', 'rate_period', 'weight_period'
        ] %}
        min({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from line_classes
    group by pricing_class
),

final as (
    select
        *,
        row_number() over (order by pricing_class) as class_number
    from distinct_classes
)

select * from final
{% endmacro %}
