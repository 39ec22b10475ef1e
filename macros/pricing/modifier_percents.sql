{#
    The modifiers of a class that change its amount, and by what percent (rule 3): each distinct modifier once, for
    rates from a schedule or from Medicare only, and not the modifier that chose the rate row. The contract's own
    percents, or with `modifiers: medicare` CMS's by the code's indicators; a null percent is by report.
    One row a class, term and modifier position; position 5 is Medicare's rule for both sides.
#}
{% macro pricing_modifier_percents(classes, class_terms, terms, contract_modifiers, medicare_facts, medicare_rules) %}
with classes as (
    select * from {{ classes }}
    where has_two_sides or coalesce(modifier_1, modifier_2, modifier_3, modifier_4) is not null
),

scheduled as (
    select
        class_terms.class_number,
        class_terms.term_key,
        coalesce(class_terms.rate_modifier, '') as rate_modifier,
        classes.contract_id,
        classes.has_two_sides,
        classes.modifier_1,
        classes.modifier_2,
        classes.modifier_3,
        classes.modifier_4
    from {{ class_terms }} as class_terms
    inner join {{ terms }} as terms on class_terms.term_key = terms.term_key
    inner join classes on class_terms.class_number = classes.class_number
    where terms.schedule_number is not null
),

medicare_facts as (
    select * from {{ medicare_facts }}
    where has_medicare_modifiers
),

line_modifiers as (
    {%- for position in [1, 2, 3, 4] %}
    {{ 'union all' if not loop.first }}
    select
        class_number,
        term_key,
        contract_id,
        modifier_{{ position }} as modifier,
        {{ position }} as modifier_position
    from scheduled
    where
        modifier_{{ position }} <> rate_modifier
        {%- for earlier in range(1, position) %}
        and modifier_{{ position }} <> coalesce(modifier_{{ earlier }}, '')
        {%- endfor %}
    {%- endfor %}
),

by_contract as (
    select
        line_modifiers.class_number,
        line_modifiers.term_key,
        line_modifiers.modifier_position,
        line_modifiers.modifier,
        contract_modifiers.percent
    from line_modifiers
    inner join {{ contract_modifiers }} as contract_modifiers
        on
            line_modifiers.contract_id = contract_modifiers.contract_id
            and line_modifiers.modifier = contract_modifiers.modifier
),

by_medicare as (
    select
        line_modifiers.class_number,
        line_modifiers.term_key,
        line_modifiers.modifier_position,
        line_modifiers.modifier,
        -- CMS gives the parts of a global period as fractions; a code without one has none to share.
        coalesce(
            medicare_rules.percent,
            100 * nullif(
                case medicare_rules.percent_of
                    when 'pre_and_intraoperative'
                        then medicare_facts.preoperative_percent + medicare_facts.intraoperative_percent
                    when 'preoperative' then medicare_facts.preoperative_percent
                    when 'intraoperative' then medicare_facts.intraoperative_percent
                    when 'postoperative' then medicare_facts.postoperative_percent
                end,
                0
            )
        ) as percent
    from line_modifiers
    inner join medicare_facts
        on
            line_modifiers.class_number = medicare_facts.class_number
            and line_modifiers.term_key = medicare_facts.term_key
    inner join {{ medicare_rules }} as medicare_rules
        on
            line_modifiers.modifier = medicare_rules.modifier
            and coalesce(medicare_rules.indicator, '') = case medicare_rules.indicator_name
                when 'assistant' then medicare_facts.assistant_indicator
                when 'cosurgeon' then medicare_facts.cosurgeon_indicator
                else ''
            end
),

sides as (
    select
        scheduled.class_number,
        scheduled.term_key,
        scheduled.has_two_sides,
        medicare_facts.bilateral_indicator,
        {{ pricing_has_modifier('50') }} or ({{ pricing_has_modifier('RT') }} and {{ pricing_has_modifier('LT') }})
            as is_bilateral
    from scheduled
    inner join medicare_facts
        on
            scheduled.class_number = medicare_facts.class_number
            and scheduled.term_key = medicare_facts.term_key
),

-- Both sides, however said, are 150% (indicator 1), 200% (3) or 100% (0, 2) of one; two units already count twice.
by_side as (
    select
        class_number,
        term_key,
        5 as modifier_position,
        'both sides' as modifier,
        case
            when is_bilateral then case bilateral_indicator when '1' then 150 when '3' then 200 else 100 end
            when bilateral_indicator = '1' then 150
            when bilateral_indicator = '2' then 100
            else 200
        end * case when has_two_sides then 0.5 else 1 end as percent
    from sides
    where is_bilateral or has_two_sides
),

final as (
    select * from by_contract
    union all
    select * from by_medicare
    union all
    select * from by_side
    where percent <> 100
)

select * from final
{% endmacro %}


{% macro pricing_has_modifier(modifier) -%}
    coalesce('{{ modifier }}' in (scheduled.modifier_1, scheduled.modifier_2, scheduled.modifier_3, scheduled.modifier_4), false)
{%- endmacro %}
