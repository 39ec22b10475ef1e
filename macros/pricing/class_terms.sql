{#
    The terms a class of lines may be priced by: matched, and with a rate where the method needs one (rule 2: a term
    without a rate for the code falls to the next). What stands behind a term no line of the class can fall through,
    within its stage, is left out.
    `rate_amount` is null where the line itself is the rate (charge) or tiers are (per diem); `fixed_quantity` is
    null where the line's units count.
    One row a class and term.
#}
{% macro pricing_class_terms(class_matches, schedule_lookups, drg_weights) %}
with class_matches as (
    select * from {{ class_matches }}
),

schedule_lookups as (
    select * from {{ schedule_lookups }}
),

drg_weights as (
    select
        *,
        coalesce(
            lead(effective_from) over (partition by weight_set, drg order by effective_from),
            cast('9999-12-31' as date)
        ) as replaced_from
    from {{ drg_weights }}
),

-- Term number 0 is no term: its match says that `multiple_procedures` applies.
ranked_classes as (
    select class_number from class_matches
    where stage_number = 0
),

rated as (
    select
        class_matches.class_number,
        class_matches.contract_id,
        class_matches.term_number,
        class_matches.stage_number,
        class_matches.priority,
        class_matches.method,
        class_matches.procedure_code,
        class_matches.modifier_1,
        class_matches.modifier_2,
        class_matches.modifier_3,
        class_matches.modifier_4,
        schedule_lookups.rate_modifier,
        schedule_lookups.rate_setting,
        case
            when class_matches.method in ('fee_schedule', 'percent_of_medicare') then schedule_lookups.rate_amount
            when class_matches.method = 'drg_weight' then class_matches.base_rate
            when class_matches.method = 'not_payable' then 0
            when class_matches.method in ('case_rate', 'per_unit') then class_matches.amount
        end as rate_amount,
        case
            when class_matches.method = 'drg_weight' then drg_weights.relative_weight
            when class_matches.method in ('percent_of_charge', 'case_rate', 'not_payable') then 1
        end as fixed_quantity,
        class_matches.percent,
        class_matches.minimum_charge,
        class_matches.maximum_charge,
        class_matches.minimum_units,
        class_matches.names_lines,
        ranked_classes.class_number is not null as is_ranked_by_contract,
        coalesce(schedule_lookups.rate_effective_from, drg_weights.effective_from) as rate_effective_from
    from class_matches
    left join schedule_lookups
        on
            class_matches.class_number = schedule_lookups.class_number
            and class_matches.term_number = schedule_lookups.term_number
    left join drg_weights
        on
            class_matches.weight_set = drg_weights.weight_set
            and class_matches.drg = drg_weights.drg
            and class_matches.weight_period between drg_weights.effective_from and drg_weights.effective_to
            and class_matches.weight_period < drg_weights.replaced_from
    left join ranked_classes on class_matches.class_number = ranked_classes.class_number
    where
        class_matches.method not in ('fee_schedule', 'percent_of_medicare', 'drg_weight')
        or schedule_lookups.rate_amount is not null
        or drg_weights.relative_weight is not null
),

plausible as (
    select * from rated
    where coalesce(rate_amount, 0) < {{ pricing_highest_rate() }} and percent < {{ pricing_highest_percent() }}
),

-- A claim-scoped per diem may still fail where carve-outs took the lines that count its days.
first_certain as (
    select
        class_number,
        stage_number,
        min(priority) as priority
    from plausible
    where
        coalesce(minimum_charge, maximum_charge, minimum_units) is null
        and (stage_number <> 2 or method <> 'per_diem')
    group by class_number, stage_number
),

final as (
    select plausible.*
    from plausible
    left join first_certain
        on
            plausible.class_number = first_certain.class_number
            and plausible.stage_number = first_certain.stage_number
    where first_certain.priority is null or plausible.priority <= first_certain.priority
)

select * from final
{% endmacro %}
