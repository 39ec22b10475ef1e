{{ config(materialized='ephemeral') }}

-- Counterfactuals without a modifier, in the form of `int_scenarios`.
with units as (
    select * from {{ ref('int_scenario_units') }}
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

modified_lines as (
    {%- for position in [1, 2, 3, 4] %}
        {{ 'union all' if not loop.first }}
        select
            units.unit_id,
            units.contract_id,
            pricing_lines.line_number,
            {{ position }} as position,
            priced_lines.multiple_procedure_rank is not null
            or (units.has_whole_row and coalesce(priced_lines.priced_by, '') <> 'claim') as is_priced_together
        from units
        inner join pricing_lines
            on units.unit_id = pricing_lines.unit_id
        left outer join priced_lines
            on
                pricing_lines.unit_id = priced_lines.unit_id
                and pricing_lines.line_number = priced_lines.line_number
        where pricing_lines.modifier_{{ position }} is not null
    {%- endfor %}
),

modifiers as (
    select
        *,
        count(*) over (partition by unit_id) as modifier_count,
        sum(case when is_priced_together then 1 else 0 end) over (partition by unit_id) as together_count
    from modified_lines
),

-- Left out of all lines; and of one of several, where their amounts meet in one price or in a rank.
dropped as (
    select distinct
        unit_id,
        contract_id,
        position,
        cast(null as integer) as line_number
    from modifiers
    union all
    select
        unit_id,
        contract_id,
        position,
        line_number
    from modifiers
    where
        is_priced_together
        and modifier_count > 1
        and together_count <= {{ variance_setting('alternative_modifiers_most') }}
),

final as (
    select
        unit_id,
        contract_id as forced_contract_id,
        'no_modifier_' || position || coalesce('_' || line_number, '') as scenario,
        'modifier_ignored' as root_cause,
        'the price without the '
        || case position when 1 then 'first' when 2 then 'second' when 3 then 'third' else 'fourth' end
        || ' modifier' || coalesce(' of line ' || line_number, '') as alternative,
        cast(null as date) as rate_date,
        position as dropped_modifier,
        line_number
    from dropped
)

select * from final
