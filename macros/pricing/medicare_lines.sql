{#
    The lines whose contract takes over CMS's multiple-procedure rules and whose code has such a rule, with what the
    rule works on: `price_factor` (percent × modifiers) and `units` bring a Medicare amount into the line's own money.
    `session` is one rendering provider's day. One row a unit and line.
#}
{% macro pricing_medicare_lines(line_classes, line_bases, class_prices, medicare_facts) %}
with line_bases as (
    select * from {{ line_bases }}
    where stage_number > 2 and modified_amount < 1000000000
),

medicare_facts as (
    select * from {{ medicare_facts }}
    where has_medicare_reductions
),

line_classes as (
    select * from {{ line_classes }}
),

final as (
    select
        line_bases.unit_number,
        line_bases.line_number,
        coalesce(line_classes.rendering_npi, '') || '|' || cast(line_classes.service_date as varchar) as session,
        medicare_facts.procedure_code,
        medicare_facts.multiple_procedure_indicator as indicator,
        medicare_facts.endoscopic_base_code,
        line_bases.quantity as units,
        line_bases.modified_amount,
        cast(
            cast(class_prices.percent as decimal(38, 6)) * 0.0001 * class_prices.modifier_percent as decimal(20, 12)
        ) as price_factor,
        medicare_facts.amount,
        medicare_facts.endoscopic_base_amount,
        medicare_facts.technical_amount,
        medicare_facts.professional_amount,
        medicare_facts.practice_expense_amount
    from line_bases
    inner join medicare_facts
        on
            line_bases.class_number = medicare_facts.class_number
            and line_bases.term_key = medicare_facts.term_key
    inner join {{ class_prices }} as class_prices
        on
            line_bases.class_number = class_prices.class_number
            and line_bases.term_key = class_prices.term_key
    inner join line_classes
        on line_bases.unit_number = line_classes.unit_number and line_bases.line_number = line_classes.line_number
    where medicare_facts.multiple_procedure_indicator in ('1', '2', '3', '4', '5', '6', '7')
)

select * from final
{% endmacro %}
