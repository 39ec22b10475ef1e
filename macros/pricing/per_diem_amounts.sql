{#
    Rule 6: the days of a per-diem term are the units of its lines, in line order; its tiers run over them. Part
    days take the part of the tier they fall in. Days behind the last tier have no amount, and then the line has none.
    One row a unit and line.
#}
{% macro pricing_per_diem_amounts(line_choices, terms, tiers) %}
with per_diem_terms as (
    select * from {{ terms }}
    where method = 'per_diem'
),

per_diem_lines as (
    select
        line_choices.unit_number,
        line_choices.line_number,
        per_diem_terms.contract_id,
        per_diem_terms.term_number,
        line_choices.quantity,
        sum(line_choices.quantity) over (
            partition by line_choices.unit_number, line_choices.term_key
            order by line_choices.line_number
            rows between unbounded preceding and current row
        ) as last_day
    from {{ line_choices }} as line_choices
    inner join per_diem_terms on line_choices.term_key = per_diem_terms.term_key
),

tiers as (
    select * from {{ tiers }}
),

tiered_days as (
    select
        per_diem_lines.unit_number,
        per_diem_lines.line_number,
        tiers.amount,
        least(per_diem_lines.last_day, tiers.through_day)
        - greatest(per_diem_lines.last_day - per_diem_lines.quantity, tiers.from_day) as day_count
    from per_diem_lines
    inner join tiers
        on
            per_diem_lines.contract_id = tiers.contract_id
            and per_diem_lines.term_number = tiers.term_number
            and per_diem_lines.last_day > tiers.from_day
            and per_diem_lines.last_day - per_diem_lines.quantity < tiers.through_day
),

covered as (
    select
        unit_number,
        line_number,
        sum(day_count) as day_count,
        sum(cast(cast(amount as decimal(38, 6)) * cast(day_count as decimal(18, 6)) as decimal(22, 6))) as amount
    from tiered_days
    group by unit_number, line_number
),

final as (
    select
        per_diem_lines.unit_number,
        per_diem_lines.line_number,
        cast(per_diem_lines.last_day - per_diem_lines.quantity as decimal(18, 6)) as days_before,
        case
            when coalesce(covered.day_count, 0) = per_diem_lines.quantity
                then cast(coalesce(covered.amount, 0) as decimal(18, 6))
        end as amount
    from per_diem_lines
    left join covered
        on per_diem_lines.unit_number = covered.unit_number and per_diem_lines.line_number = covered.line_number
)

select * from final
{% endmacro %}
