{#
    The modifier percents of a class, multiplied. `is_by_report`: one of them has no percent, and nothing can be said
    of the amount. One row a class and term with at least one that applies.
#}
{% macro pricing_modifier_factors(modifier_percents) %}
with modifier_percents as (
    select * from {{ modifier_percents }}
),

modified as (
    select
        class_number,
        term_key,
        max(case when percent is null then 1 else 0 end) = 1 as is_by_report,
        max(percent) as highest_percent
    from modifier_percents
    group by class_number, term_key
),

final as (
    select
        modified.class_number,
        modified.term_key,
        modified.is_by_report,
        modified.highest_percent,
        ltrim(
            {%- for position in [1, 2, 3, 4, 5] %}
            coalesce(' ' || modifier_{{ position }}.modifier, '') {{ '||' if not loop.last }}
            {%- endfor %}
        ) as applied_modifiers,
        {{ pricing_factor_product(
            pricing_factor_product(
                pricing_factor_product(pricing_factor('modifier_1.percent'), pricing_factor('modifier_2.percent')),
                pricing_factor_product(pricing_factor('modifier_3.percent'), pricing_factor('modifier_4.percent'))
            ),
            pricing_factor('modifier_5.percent')
        ) }} as modifier_factor
    from modified
    {%- for position in [1, 2, 3, 4, 5] %}
    left join modifier_percents as modifier_{{ position }}
        on
            modified.class_number = modifier_{{ position }}.class_number
            and modified.term_key = modifier_{{ position }}.term_key
            and modifier_{{ position }}.modifier_position = {{ position }}
    {%- endfor %}
)

select * from final
{% endmacro %}
