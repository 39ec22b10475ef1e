{#
    The contract's modifier percents that apply to a class of lines, multiplied (rule 3): each distinct modifier
    once, for rates from a schedule or from Medicare only, and not the modifier that chose the rate row.
    One row a class and term with at least one that applies.
#}
{% macro pricing_modifier_factors(classes, class_terms, terms, contract_modifiers) %}
with classes as (
    select * from {{ classes }}
),

class_terms as (
    select * from {{ class_terms }}
),

terms as (
    select * from {{ terms }}
),

contract_modifiers as (
    select * from {{ contract_modifiers }}
),

modified as (
    select
        class_terms.class_number,
        class_terms.term_key,
        classes.contract_id,
        coalesce(class_terms.rate_modifier, '') as rate_modifier,
        classes.modifier_1,
        case when classes.modifier_2 <> coalesce(classes.modifier_1, '') then classes.modifier_2 end as modifier_2,
        case
            when classes.modifier_3 not in (coalesce(classes.modifier_1, ''), coalesce(classes.modifier_2, ''))
                then classes.modifier_3
        end as modifier_3,
        case
            when classes.modifier_4 not in (
                coalesce(classes.modifier_1, ''), coalesce(classes.modifier_2, ''), coalesce(classes.modifier_3, '')
            ) then classes.modifier_4
        end as modifier_4
    from class_terms
    inner join terms on class_terms.term_key = terms.term_key
    inner join classes on class_terms.class_number = classes.class_number
    where
        terms.schedule_number is not null
        and coalesce(classes.modifier_1, classes.modifier_2, classes.modifier_3, classes.modifier_4) is not null
),

final as (
    select
        modified.class_number,
        modified.term_key,
        ltrim(
            {%- for position in [1, 2, 3, 4] %}
            coalesce(' ' || modifier_{{ position }}_percents.modifier, '') {{ '||' if not loop.last }}
            {%- endfor %}
        ) as applied_modifiers,
        greatest(
            {%- for position in [1, 2, 3, 4] %}
            coalesce(modifier_{{ position }}_percents.percent, 0){{ ',' if not loop.last }}
            {%- endfor %}
        ) as highest_percent,
        {{ pricing_factor_product(
            pricing_factor_product(
                pricing_factor('modifier_1_percents.percent'), pricing_factor('modifier_2_percents.percent')
            ),
            pricing_factor_product(
                pricing_factor('modifier_3_percents.percent'), pricing_factor('modifier_4_percents.percent')
            )
        ) }} as modifier_factor
    from modified
    {%- for position in [1, 2, 3, 4] %}
    left join contract_modifiers as modifier_{{ position }}_percents
        on
            modified.contract_id = modifier_{{ position }}_percents.contract_id
            and modified.modifier_{{ position }} = modifier_{{ position }}_percents.modifier
            and modified.rate_modifier <> modifier_{{ position }}_percents.modifier
    {%- endfor %}
    where
        coalesce(
            modifier_1_percents.modifier,
            modifier_2_percents.modifier,
            modifier_3_percents.modifier,
            modifier_4_percents.modifier
        ) is not null
)

select * from final
{% endmacro %}
