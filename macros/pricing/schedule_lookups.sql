{#
    The schedule row for each matched class and term that needs one: by code, setting and period; a row with one of
    the line's modifiers before the plain one, of two such the first on the line (rule 5), and a row for the very
    setting before one for both. One row a class and term with a rate.
#}
{% macro pricing_schedule_lookups(class_matches, schedule_rates) %}
with class_matches as (
    select * from {{ class_matches }}
    where method in ('fee_schedule', 'percent_of_medicare')
),

schedule_rates as (
    select * from {{ schedule_rates }}
),

wanted_modifiers as (
    {%- for position in [1, 2, 3, 4] %}
    select
        class_number,
        term_number,
        modifier_{{ position }} as modifier,
        {{ position }} as modifier_position
    from class_matches
    where modifier_{{ position }} is not null
    union all
    {%- endfor %}
    select
        class_number,
        term_number,
        '' as modifier,
        5 as modifier_position
    from class_matches
),

found as (
    select
        class_matches.class_number,
        class_matches.term_number,
        schedule_rates.modifier as rate_modifier,
        schedule_rates.setting as rate_setting,
        schedule_rates.amount as rate_amount,
        schedule_rates.effective_from as rate_effective_from,
        row_number() over (
            partition by class_matches.class_number, class_matches.term_number
            order by wanted_modifiers.modifier_position, case when schedule_rates.setting = '' then 1 else 0 end
        ) as preference
    from class_matches
    inner join wanted_modifiers
        on
            class_matches.class_number = wanted_modifiers.class_number
            and class_matches.term_number = wanted_modifiers.term_number
    inner join schedule_rates
        on
            class_matches.schedule_id = schedule_rates.schedule_id
            and class_matches.locality = schedule_rates.locality
            and class_matches.procedure_code = schedule_rates.procedure_code
            and wanted_modifiers.modifier = schedule_rates.modifier
    where
        schedule_rates.setting in (class_matches.setting, '')
        and class_matches.rate_period between schedule_rates.effective_from and schedule_rates.effective_to
        and class_matches.rate_period < schedule_rates.replaced_from
),

final as (
    select
        class_number,
        term_number,
        rate_modifier,
        rate_setting,
        rate_amount,
        rate_effective_from
    from found
    where preference = 1
)

select * from final
{% endmacro %}
