{#
    Lines that cannot be priced differently but for their charge and units, named alike. A line's `signature` is, for
    each match key, the set of terms its value satisfies; `pricing_class` adds what rates go by: contract, code,
    modifiers, setting, DRG and periods. Terms and rates are then resolved once a class, not once a line.
    One row a unit and line; the columns of the facts, and `signature`, `rate_period`, `weight_period`,
    `pricing_class`.
#}
{% macro pricing_line_classes(facts, value_terms, rate_periods) %}
{%- set keyed_columns = pricing_match_columns().split() -%}
with facts as (
    select * from {{ facts }}
),

term_sets as (
    select distinct
        contract_id,
        match_key,
        match_value,
        term_set
    from {{ value_terms }}
),

dates_in_use as (
    select
        contract_id,
        rate_date as priced_date
    from facts
    union
    select
        contract_id,
        weight_date as priced_date
    from facts
    where weight_date is not null
),

periods as (
    select
        dates_in_use.contract_id,
        dates_in_use.priced_date,
        rate_periods.period_start
    from dates_in_use
    inner join {{ rate_periods }} as rate_periods
        on
            dates_in_use.contract_id = rate_periods.contract_id
            and dates_in_use.priced_date >= rate_periods.period_start
            and dates_in_use.priced_date < coalesce(rate_periods.next_period_start, cast('9999-12-31' as date))
),

signed as (
    select
        facts.*,
        {%- for keyed_column in keyed_columns %}
        {%- set match_key, column = keyed_column.split('=') %}
        coalesce({{ column }}_sets.term_set, '') {{ "|| '|' ||" if not loop.last else 'as signature' }}
        {%- endfor %},
        rate_dates.period_start as rate_period,
        weight_dates.period_start as weight_period
    from facts
    {%- for keyed_column in keyed_columns %}
    {%- set match_key, column = keyed_column.split('=') %}
    left join term_sets as {{ column }}_sets
        on
            facts.contract_id = {{ column }}_sets.contract_id
            and facts.{{ column }} = {{ column }}_sets.match_value
            and {{ column }}_sets.match_key = '{{ match_key }}'
    {%- endfor %}
    left join periods as rate_dates
        on facts.contract_id = rate_dates.contract_id and facts.rate_date = rate_dates.priced_date
    left join periods as weight_dates
        on facts.contract_id = weight_dates.contract_id and facts.weight_date = weight_dates.priced_date
),

final as (
    select
        *,
        contract_id || '|' || signature || '|' || setting
        {%- for column in ['procedure_code', 'modifier_1', 'modifier_2', 'modifier_3', 'modifier_4', 'drg'] %}
        || '|' || coalesce({{ column }}, '')
        {%- endfor %}
        || '|' || coalesce(cast(rate_period as varchar), '')
        || '|' || coalesce(cast(weight_period as varchar), '') as pricing_class
    from signed
)

select * from final
{% endmacro %}
