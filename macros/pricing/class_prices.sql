{#
    What one unit of a class costs under a term, exact: rate × percent × modifiers (rule 3). Where the line's charge
    or a per diem's tiers stand for the rate, `price` is the percent alone, as a factor.
    One row a class and term.
#}
{% macro pricing_class_prices(class_matches, class_terms, terms, modifier_factors, contracts) %}
with class_terms as (
    select * from {{ class_terms }}
),

terms as (
    select * from {{ terms }}
),

modifier_factors as (
    select * from {{ modifier_factors }}
),

contracts as (
    select * from {{ contracts }}
),

-- Stage 0 is no term: its match says that `multiple_procedures` applies.
ranked_classes as (
    select class_number from {{ class_matches }}
    where stage_number = 0
),

final as (
    select
        class_terms.class_number,
        class_terms.term_key,
        class_terms.stage_number,
        class_terms.priority,
        terms.method,
        class_terms.rate_modifier,
        class_terms.rate_setting,
        modifier_factors.applied_modifiers,
        class_terms.rate_amount,
        class_terms.fixed_quantity,
        class_terms.base_units,
        terms.percent,
        case
            when modifier_factors.modifier_factor is null
                then {{ pricing_price('class_terms.rate_amount', 'terms.percent') }}
            else {{ pricing_modified_price('class_terms.rate_amount', 'terms.percent', 'modifier_factors.modifier_factor') }}
        end as price,
        case
            when modifier_factors.modifier_factor is null then 100
            else cast(modifier_factors.modifier_factor * 100 as decimal(18, 6))
        end as modifier_percent,
        terms.minimum_charge,
        terms.maximum_charge,
        terms.minimum_units,
        terms.method = 'percent_of_charge' as is_by_charge,
        terms.method = 'per_diem' and terms.stage_number = 2 and not terms.names_lines as is_by_accommodation,
        contracts.lesser_of = 'line' as is_line_capped,
        ranked_classes.class_number is not null as is_ranked,
        class_terms.rate_effective_from
    from class_terms
    inner join terms on class_terms.term_key = terms.term_key
    inner join contracts on terms.contract_id = contracts.contract_id
    left join ranked_classes on class_terms.class_number = ranked_classes.class_number
    left join modifier_factors
        on
            class_terms.class_number = modifier_factors.class_number
            and class_terms.term_key = modifier_factors.term_key
    where
        coalesce(modifier_factors.highest_percent, 100) < {{ pricing_highest_modifier_percent() }}
        and not coalesce(modifier_factors.is_by_report, false)
)

select * from final
{% endmacro %}
