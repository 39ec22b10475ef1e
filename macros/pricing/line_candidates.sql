{#
    The terms each line may be priced by, in `priority`: its class's, where its charge and units meet the term's
    numbers. `quantity` is what the price is multiplied by: the charge, the units (days of a per diem), or what the
    term fixes; of anesthesia the code's base units and its time. A claim-scoped per diem that names no lines counts the days of accommodation lines.
    One row a unit, line and term.
#}
{% macro pricing_line_candidates(line_classes, classes, class_prices) %}
with line_classes as (
    select * from {{ line_classes }}
),

classes as (
    select
        pricing_class,
        class_number
    from {{ classes }}
),

class_prices as (
    select * from {{ class_prices }}
),

joined as (
    select
        line_classes.unit_number,
        line_classes.line_number,
        class_prices.class_number,
        class_prices.term_key,
        class_prices.stage_number,
        class_prices.priority,
        case
            when class_prices.is_by_charge then line_classes.charge_amount
            -- Medicare Claims Processing Manual 12, 50: a unit is 15 minutes, to one decimal (whole minutes never tie).
            when class_prices.base_units is not null
                then cast(
                    class_prices.base_units + cast(line_classes.anesthesia_minutes / 15 as decimal(18, 1))
                    as decimal(18, 6)
                )
            else coalesce(class_prices.fixed_quantity, line_classes.units)
        end as quantity,
        line_classes.charge_amount
    from line_classes
    inner join classes on line_classes.pricing_class = classes.pricing_class
    inner join class_prices on classes.class_number = class_prices.class_number
    where
        (class_prices.minimum_charge is null or line_classes.charge_amount >= class_prices.minimum_charge)
        and (class_prices.maximum_charge is null or line_classes.charge_amount <= class_prices.maximum_charge)
        and (class_prices.minimum_units is null or line_classes.units >= class_prices.minimum_units)
        and (line_classes.is_accommodation or not class_prices.is_by_accommodation)
        and not (line_classes.is_carve_out_ignored and class_prices.stage_number = 1)
        and not (line_classes.is_claim_scope_ignored and class_prices.stage_number = 2)
),

final as (
    select * from joined
    where quantity is not null
)

select * from final
{% endmacro %}
