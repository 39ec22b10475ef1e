{#
    A contract's terms as the engine tries them: stage 1 carve-outs, 2 claim-scoped, 3 line-scoped, 4 `default`;
    within a stage in file order. Stage 0 (term number 0) is no term but the `applies_to` of `multiple_procedures`,
    matched in the same way. One row a contract and term number.
#}
{% macro pricing_term_rows(contracts, terms) %}
with contracts as (
    select * from {{ contracts }}
),

terms as (
    select * from {{ terms }}
),

written as (
    select
        contract_id,
        term_number,
        term_id,
        case when is_carve_out then 1 when scope = 'claim' then 2 else 3 end as stage_number,
        method,
        amount,
        percent,
        base_rate,
        weight_set,
        schedule_id,
        locality,
        minimum_charge,
        maximum_charge,
        minimum_units,
        source_line
    from terms
),

defaults as (
    select
        contract_id,
        {{ pricing_default_term_number() }} as term_number,
        'default' as term_id,
        4 as stage_number,
        default_method as method,
        default_amount as amount,
        default_percent as percent,
        cast(null as decimal(18, 6)) as base_rate,
        cast(null as varchar) as weight_set,
        default_schedule_id as schedule_id,
        default_locality as locality,
        cast(null as decimal(18, 2)) as minimum_charge,
        cast(null as decimal(18, 2)) as maximum_charge,
        cast(null as decimal(18, 6)) as minimum_units,
        default_source_line as source_line
    from contracts
    where default_method is not null
),

ranked_lines as (
    select
        contract_id,
        0 as term_number,
        'multiple_procedures' as term_id,
        0 as stage_number,
        cast(null as varchar) as method,
        cast(null as decimal(18, 6)) as amount,
        cast(null as decimal(18, 6)) as percent,
        cast(null as decimal(18, 6)) as base_rate,
        cast(null as varchar) as weight_set,
        cast(null as varchar) as schedule_id,
        cast(null as varchar) as locality,
        cast(null as decimal(18, 2)) as minimum_charge,
        cast(null as decimal(18, 2)) as maximum_charge,
        cast(null as decimal(18, 6)) as minimum_units,
        cast(null as integer) as source_line
    from contracts
    where multiple_procedures_basis <> 'none'
),

stacked as (
    select * from ranked_lines
    union all
    select * from written
    union all
    select * from defaults
)

select * from stacked
{% endmacro %}


{# Behind every term a file can hold. #}
{% macro pricing_default_term_number() -%}
    1000000
{%- endmacro %}
