{#
    CMS indicators 4 to 7, by session and indicator: of the component with the highest amount all is paid, of each
    other less. 4, imaging: technical half, professional 95%. 5, therapy: practice expense half on every further unit.
    6, cardiovascular: technical 75%. 7, eyes: technical 80%. Ranks are by component; what is taken off is Medicare's
    amount, and comes off the line in the line's own money. One row a unit and line.
#}
{% macro pricing_medicare_services(medicare_lines) %}
with services as (
    select * from {{ medicare_lines }}
    where indicator in ('4', '5', '6', '7')
),

ranked as (
    select
        *,
        row_number() over (
            partition by unit_number, session, indicator
            order by
                case indicator when '5' then practice_expense_amount else technical_amount end desc nulls last,
                line_number
        ) as first_rank,
        row_number() over (
            partition by unit_number, session, indicator order by professional_amount desc nulls last, line_number
        ) as professional_rank
    from services
),

-- Of the first therapy service one unit is whole. Its reduced amount is published to cents, as the full one.
deductions as (
    select
        unit_number,
        line_number,
        first_rank,
        modified_amount,
        price_factor,
        case
            when indicator = '5'
                then amount - cast(round(amount - practice_expense_amount * 0.5, 2) as decimal(18, 2))
            else
                case when first_rank > 1 then coalesce(technical_amount, 0) else 0 end
                * case indicator when '4' then 0.50 when '6' then 0.25 else 0.20 end
                + case when professional_rank > 1 and indicator = '4' then coalesce(professional_amount, 0) else 0 end
                * 0.05
        end as unit_deduction,
        case when indicator = '5' and first_rank = 1 then greatest(units - 1, 0) else units end as deducted_units
    from ranked
),

reduced as (
    select
        unit_number,
        line_number,
        first_rank,
        modified_amount,
        modified_amount - coalesce(cast(unit_deduction as decimal(18, 4)), 0) * price_factor * deducted_units
            as reduced_amount
    from deductions
),

final as (
    select
        unit_number,
        line_number,
        first_rank as multiple_procedure_rank,
        cast(null as decimal(18, 6)) as multiple_procedure_percent,
        case when reduced_amount <> modified_amount then reduced_amount end as reduced_amount
    from reduced
)

select * from final
{% endmacro %}
