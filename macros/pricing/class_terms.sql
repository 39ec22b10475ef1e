{#
    The terms a class of lines may be priced by: matched, and with a rate where the method needs one (rule 2: a term
    without a rate for the code falls to the next). What stands behind a term no line of the class can fall through,
    within its stage, is left out.
    `rate_amount` is null where the line itself is the rate (charge) or tiers are (per diem); `fixed_quantity` is
    null where the line's units count. One row a class and term.
#}
{% macro pricing_class_terms(classes, class_matches, terms, schedule_lookups, drg_weights, outpatient_statuses) %}
with classes as (
    select * from {{ classes }}
),

class_matches as (
    select * from {{ class_matches }}
    where stage_number > 0
),

terms as (
    select * from {{ terms }}
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

-- Under Medicare's outpatient rules a packaged code is paid with others: zero, not unknown.
packaged_classes as (
    select
        class_matches.class_number,
        class_matches.term_key
    from class_matches
    inner join terms on class_matches.term_key = terms.term_key and terms.is_packaged_as_outpatient
    inner join classes on class_matches.class_number = classes.class_number
    inner join {{ outpatient_statuses }} as outpatient_statuses
        on
            terms.schedule_id = outpatient_statuses.schedule_id
            and classes.procedure_code = outpatient_statuses.procedure_code
    where outpatient_statuses.status_indicator = 'N'
),

class_weights as (
    select
        class_matches.class_number,
        class_matches.term_key,
        drg_weights.relative_weight,
        drg_weights.effective_from
    from class_matches
    inner join terms on class_matches.term_key = terms.term_key
    inner join classes on class_matches.class_number = classes.class_number
    inner join drg_weights
        on
            terms.weight_set = drg_weights.weight_set
            and classes.drg = drg_weights.drg
            and classes.weight_period between drg_weights.effective_from and drg_weights.effective_to
            and classes.weight_period < drg_weights.replaced_from
),

rated as (
    select
        class_matches.class_number,
        class_matches.term_key,
        class_matches.stage_number,
        class_matches.priority,
        schedule_lookups.rate_modifier,
        schedule_lookups.rate_setting,
        case
            when packaged_classes.class_number is not null then 0
            when terms.schedule_number is not null then schedule_lookups.rate_amount
            when terms.method = 'drg_weight' then terms.base_rate
            when terms.method = 'not_payable' then 0
            when terms.method in ('case_rate', 'per_unit') then terms.amount
        end as rate_amount,
        case
            when terms.method = 'drg_weight' then class_weights.relative_weight
            when terms.method in ('percent_of_charge', 'case_rate', 'not_payable') then 1
        end as fixed_quantity,
        schedule_lookups.base_units,
        coalesce(schedule_lookups.rate_effective_from, class_weights.effective_from) as rate_effective_from,
        -- A claim-scoped per diem may fail where carve-outs took the lines that count its days, anesthesia without time.
        coalesce(terms.minimum_charge, terms.maximum_charge, terms.minimum_units) is null
        and (terms.stage_number <> 2 or terms.method <> 'per_diem')
        and schedule_lookups.base_units is null as is_certain
    from class_matches
    inner join terms on class_matches.term_key = terms.term_key
    left join schedule_lookups
        on
            class_matches.class_number = schedule_lookups.class_number
            and terms.schedule_number = schedule_lookups.schedule_number
    left join packaged_classes
        on
            class_matches.class_number = packaged_classes.class_number
            and class_matches.term_key = packaged_classes.term_key
    left join class_weights
        on
            class_matches.class_number = class_weights.class_number
            and class_matches.term_key = class_weights.term_key
    where
        terms.percent < {{ pricing_highest_percent() }}
        and (
            terms.schedule_number is null
            or schedule_lookups.rate_amount < {{ pricing_highest_rate() }}
            or packaged_classes.class_number is not null
        )
        and (terms.method <> 'drg_weight' or class_weights.relative_weight is not null)
        and coalesce(terms.amount, terms.base_rate, 0) < {{ pricing_highest_rate() }}
),

-- The default is the last of the line-scoped terms.
first_certain as (
    select
        class_number,
        least(stage_number, 3) as stage_number,
        min(priority) as priority
    from rated
    where is_certain
    group by class_number, least(stage_number, 3)
),

final as (
    select
        rated.class_number,
        rated.term_key,
        rated.stage_number,
        rated.priority,
        rated.rate_modifier,
        rated.rate_setting,
        rated.rate_amount,
        rated.fixed_quantity,
        rated.base_units,
        rated.rate_effective_from
    from rated
    left join first_certain
        on
            rated.class_number = first_certain.class_number
            and least(rated.stage_number, 3) = first_certain.stage_number
    where first_certain.priority is null or rated.priority <= first_certain.priority
)

select * from final
{% endmacro %}
