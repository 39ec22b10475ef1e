{#
    Lines that cannot be priced differently but for their charge and units, named alike. A line's `signature` is, for
    each match key, the set of terms its value satisfies; `pricing_class` adds what rates go by: contract, code,
    modifiers, setting, DRG and periods. Terms and rates are then resolved once a class, not once a line.
    One row a unit and line.
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

rate_periods as (
    select * from {{ rate_periods }}
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
    left join rate_periods as rate_dates
        on
            facts.contract_id = rate_dates.contract_id
            and facts.rate_date >= rate_dates.period_start
            and facts.rate_date < rate_dates.next_period_start
    left join rate_periods as weight_dates
        on
            facts.contract_id = weight_dates.contract_id
            and facts.weight_date >= weight_dates.period_start
            and facts.weight_date < weight_dates.next_period_start
),

final as (
    select
        unit_number,
        line_number,
        contract_id,
        signature,
        setting,
        procedure_code,
        modifier_1,
        modifier_2,
        modifier_3,
        modifier_4,
        drg,
        rendering_npi,
        contract_id || '|' || signature || '|' || setting
        {%- for column in ['procedure_code', 'modifier_1', 'modifier_2', 'modifier_3', 'modifier_4', 'drg'] %}
        || '|' || coalesce({{ column }}, '')
        {%- endfor %}
        || '|' || coalesce(cast(rate_period as varchar), '')
        || '|' || coalesce(cast(weight_period as varchar), '')
        || case when has_two_sides then '|2' else '' end as pricing_class,
        units,
        anesthesia_minutes,
        charge_amount,
        {{ pricing_is_accommodation('revenue_code') }} as is_accommodation,
        is_carve_out_ignored,
        is_claim_scope_ignored,
        has_two_sides,
        service_date,
        rate_period,
        weight_period
    from signed
)

select * from final
{% endmacro %}


{# Room and board by the day: revenue codes 010x to 021x but for leave of absence (018x). #}
{% macro pricing_is_accommodation(revenue_code) -%}
    coalesce({{ revenue_code }} between '0100' and '0179' or {{ revenue_code }} between '0190' and '0219', false)
{%- endmacro %}
