{#
    Price × quantity of each line, modifiers included, exact: nothing is rounded yet (rule 3). Of claim-scoped terms
    only a per diem is made of its lines; the others price the claim as one. One row a unit and line.
#}
{% macro pricing_line_bases(line_choices, class_prices, per_diem_amounts) %}
with line_choices as (
    select * from {{ line_choices }}
),

class_prices as (
    select * from {{ class_prices }}
    where stage_number <> 2 or method = 'per_diem'
),

per_diem_amounts as (
    select * from {{ per_diem_amounts }}
),

final as (
    select
        line_choices.unit_number,
        line_choices.line_number,
        line_choices.class_number,
        line_choices.term_key,
        line_choices.stage_number,
        line_choices.quantity,
        line_choices.charge_amount,
        per_diem_amounts.days_before,
        class_prices.price
        * case when class_prices.method = 'per_diem' then per_diem_amounts.amount else line_choices.quantity end
            as modified_amount,
        class_prices.is_ranked,
        class_prices.is_line_capped
    from line_choices
    inner join class_prices
        on
            line_choices.class_number = class_prices.class_number
            and line_choices.term_key = class_prices.term_key
    left join per_diem_amounts
        on
            line_choices.unit_number = per_diem_amounts.unit_number
            and line_choices.line_number = per_diem_amounts.line_number
)

select * from final
{% endmacro %}
