{#
    Price × quantity of each line, modifiers included, exact: nothing is rounded yet (rule 3). Of claim-scoped terms only a
    per diem is made of its lines; the others price the claim as one. One row a unit and line.
#}
{% macro pricing_line_bases(facts, line_choices, class_prices, per_diem_amounts) %}
with facts as (
    select * from {{ facts }}
),

line_choices as (
    select * from {{ line_choices }}
    where stage_number <> 2 or method = 'per_diem'
),

class_prices as (
    select * from {{ class_prices }}
),

per_diem_amounts as (
    select * from {{ per_diem_amounts }}
),

final as (
    select
        line_choices.unit_id,
        line_choices.line_number,
        line_choices.contract_id,
        line_choices.class_number,
        line_choices.term_number,
        line_choices.stage_number,
        line_choices.method,
        class_prices.procedure_code,
        facts.rendering_npi,
        facts.multiple_procedure_key,
        facts.lesser_of,
        line_choices.quantity,
        facts.charge_amount,
        per_diem_amounts.days_before,
        class_prices.price
        * case when line_choices.method = 'per_diem' then per_diem_amounts.amount else line_choices.quantity end
            as modified_amount,
        class_prices.is_ranked_by_contract,
        facts.service_date
    from line_choices
    inner join facts
        on line_choices.unit_id = facts.unit_id and line_choices.line_number = facts.line_number
    inner join class_prices
        on
            line_choices.class_number = class_prices.class_number
            and line_choices.term_number = class_prices.term_number
    left join per_diem_amounts
        on
            line_choices.unit_id = per_diem_amounts.unit_id
            and line_choices.line_number = per_diem_amounts.line_number
)

select * from final
{% endmacro %}
