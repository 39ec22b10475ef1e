{#
    Rule 3's end: the rank's percent, one rounding to cents, then lesser-of by line. `line_amount` is the line's own
    price, before anything that prices the claim as a whole; on lines of a claim-scoped term it is the part that
    term's price is made of: summed unrounded, and not capped. One row a unit and line.
#}
{% macro pricing_line_amounts(line_bases, multiple_procedures) %}
with line_bases as (
    select * from {{ line_bases }}
),

multiple_procedures as (
    select * from {{ multiple_procedures }}
),

rounded as (
    select
        line_bases.unit_number,
        line_bases.line_number,
        line_bases.class_number,
        line_bases.term_key,
        line_bases.stage_number,
        line_bases.quantity,
        line_bases.charge_amount,
        line_bases.days_before,
        line_bases.modified_amount,
        multiple_procedures.multiple_procedure_percent,
        multiple_procedures.multiple_procedure_rank,
        line_bases.is_line_capped,
        coalesce(multiple_procedures.reduced_amount is not null, false) as is_reduced,
        coalesce(multiple_procedures.is_by_medicare, false) as is_ranked_by_medicare,
        case
            when multiple_procedures.reduced_amount is null then {{ pricing_cents('line_bases.modified_amount') }}
            else {{ pricing_cents('multiple_procedures.reduced_amount') }}
        end as rounded_amount
    from line_bases
    left join multiple_procedures
        on
            line_bases.unit_number = multiple_procedures.unit_number
            and line_bases.line_number = multiple_procedures.line_number
),

final as (
    select
        *,
        case
            when is_line_capped and stage_number <> 2 and charge_amount < rounded_amount then charge_amount
            else rounded_amount
        end as line_amount
    from rounded
)

select * from final
{% endmacro %}
