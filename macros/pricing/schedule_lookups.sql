{#
    The row of each schedule that a class's terms name: by code, setting and period; a row with one of the line's
    modifiers before the plain one, of two such the first on the line (rule 5), and a row for the very setting before
    one for both. One row a class and schedule with a rate.
#}
{% macro pricing_schedule_lookups(classes, class_matches, terms, schedule_rates) %}
with classes as (
    select * from {{ classes }}
),

schedule_rates as (
    select * from {{ schedule_rates }}
),

plain_rates as (
    select * from schedule_rates
    where modifier = ''
),

wanted as (
    select distinct
        class_matches.class_number,
        terms.schedule_number,
        terms.schedule_id,
        terms.locality
    from {{ class_matches }} as class_matches
    inner join {{ terms }} as terms on class_matches.term_key = terms.term_key
    where terms.schedule_number is not null
),

keyed as (
    select
        wanted.*,
        classes.procedure_code,
        classes.setting,
        classes.modifier_1,
        classes.modifier_2,
        classes.modifier_3,
        classes.modifier_4,
        classes.rate_period
    from wanted
    inner join classes on wanted.class_number = classes.class_number
    where classes.procedure_code is not null and classes.rate_period is not null
),

wanted_modifiers as (
    {%- for position in [1, 2, 3, 4] %}
    {{ 'union all' if not loop.first }}
    select
        keyed.*,
        modifier_{{ position }} as modifier,
        {{ position }} as modifier_position
    from keyed
    where modifier_{{ position }} is not null
    {%- endfor %}
),

modifier_rows as (
    select
        wanted_modifiers.class_number,
        wanted_modifiers.schedule_number,
        schedule_rates.modifier,
        schedule_rates.setting,
        schedule_rates.amount,
        schedule_rates.effective_from,
        row_number() over (
            partition by wanted_modifiers.class_number, wanted_modifiers.schedule_number
            order by wanted_modifiers.modifier_position, case when schedule_rates.setting = '' then 1 else 0 end
        ) as preference
    from wanted_modifiers
    inner join schedule_rates
        on
            wanted_modifiers.schedule_id = schedule_rates.schedule_id
            and wanted_modifiers.locality = schedule_rates.locality
            and wanted_modifiers.procedure_code = schedule_rates.procedure_code
            and wanted_modifiers.modifier = schedule_rates.modifier
            and wanted_modifiers.rate_period between schedule_rates.effective_from and schedule_rates.effective_to
            and wanted_modifiers.rate_period < schedule_rates.replaced_from
    where schedule_rates.setting in (wanted_modifiers.setting, '')
),

looked_up as (
    select
        keyed.class_number,
        keyed.schedule_number,
        modifier_rows.modifier as rate_modifier,
        coalesce(modifier_rows.setting, setting_rates.setting, common_rates.setting) as rate_setting,
        coalesce(modifier_rows.amount, setting_rates.amount, common_rates.amount) as rate_amount,
        coalesce(modifier_rows.effective_from, setting_rates.effective_from, common_rates.effective_from)
            as rate_effective_from,
        -- Base units are of codes that have no rows by modifier or setting.
        common_rates.base_units
    from keyed
    left join modifier_rows
        on
            keyed.class_number = modifier_rows.class_number
            and keyed.schedule_number = modifier_rows.schedule_number
            and modifier_rows.preference = 1
    {%- for name, wanted_setting in [('setting_rates', 'keyed.setting'), ('common_rates', "''")] %}
    left join plain_rates as {{ name }}
        on
            keyed.schedule_id = {{ name }}.schedule_id
            and keyed.locality = {{ name }}.locality
            and keyed.procedure_code = {{ name }}.procedure_code
            and {{ name }}.setting = {{ wanted_setting }}
            and keyed.rate_period between {{ name }}.effective_from and {{ name }}.effective_to
            and keyed.rate_period < {{ name }}.replaced_from
    {%- endfor %}
),

final as (
    select * from looked_up
    where rate_amount is not null
)

select * from final
{% endmacro %}
