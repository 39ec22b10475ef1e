{#
    What one unit of a class costs under a term, exact: rate × percent × modifiers (rule 3). Where the line's charge
    or a per diem's tiers stand for the rate, `price` is the percent alone, as a factor.
    One row a class and term.
#}
{% macro pricing_class_prices(class_terms, modifier_factors) %}
with class_terms as (
    select * from {{ class_terms }}
),

modifier_factors as (
    select * from {{ modifier_factors }}
),

final as (
    select
        class_terms.class_number,
        class_terms.contract_id,
        class_terms.term_number,
        class_terms.stage_number,
        class_terms.priority,
        class_terms.method,
        class_terms.procedure_code,
        class_terms.rate_modifier,
        class_terms.rate_setting,
        modifier_factors.applied_modifiers,
        class_terms.rate_amount,
        class_terms.fixed_quantity,
        class_terms.percent,
        cast(coalesce(modifier_factors.modifier_factor, 1) * 100 as decimal(18, 6)) as modifier_percent,
        case
            when modifier_factors.modifier_factor is null then {{ pricing_price('class_terms.rate_amount', 'class_terms.percent') }}
            else {{ pricing_modified_price(
                'class_terms.rate_amount', 'class_terms.percent', 'modifier_factors.modifier_factor'
            ) }}
        end as price,
        class_terms.minimum_charge,
        class_terms.maximum_charge,
        class_terms.minimum_units,
        class_terms.names_lines,
        class_terms.is_ranked_by_contract,
        class_terms.rate_effective_from
    from class_terms
    left join modifier_factors
        on
            class_terms.class_number = modifier_factors.class_number
            and class_terms.term_number = modifier_factors.term_number
    where coalesce(modifier_factors.highest_percent, 100) < {{ pricing_highest_modifier_percent() }}
)

select * from final
{% endmacro %}
