{#
    A contract's terms as the engine tries them: stage 1 carve-outs, 2 claim-scoped, 3 line-scoped, 4 `default`;
    within a stage in file order. `priority` puts them all in one order. Stage 0 (term number 0) is no term but the
    `applies_to` of `multiple_procedures`, matched in the same way. `names_lines`: its keys are
    not all the claim's.
    `term_key` numbers the terms of all contracts, `schedule_number` what they look rates up in.
    One row a contract and term number.
#}
{% macro pricing_terms(contracts, terms, term_matches, schedule_rates) %}
with contracts as (
    select * from {{ contracts }}
),

terms as (
    select * from {{ terms }}
),

key_counts as (
    select
        contract_id,
        term_number,
        count(distinct match_key) as key_count,
        count(case when match_key not in ('drg', 'bill_type', 'diagnosis') then 1 end) as line_key_count
    from {{ term_matches }}
    group by contract_id, term_number
),

schedule_localities as (
    select distinct
        schedule_id,
        locality
    from {{ schedule_rates }}
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
),

schedules as (
    select
        schedule_id,
        locality,
        row_number() over (order by schedule_id, locality) as schedule_number
    from (
        select distinct
            schedule_id,
            coalesce(locality, '') as locality
        from stacked
        where schedule_id is not null
    ) as named
),

final as (
    select
        row_number() over (order by stacked.contract_id, stacked.term_number) as term_key,
        stacked.contract_id,
        stacked.term_number,
        stacked.term_id,
        stacked.stage_number,
        stacked.stage_number * 10000000 + stacked.term_number as priority,
        stacked.method,
        stacked.amount,
        coalesce(stacked.percent, 100) as percent,
        stacked.base_rate,
        stacked.weight_set,
        schedules.schedule_number,
        stacked.schedule_id,
        -- A schedule loaded without localities serves a term that names one.
        coalesce(schedule_localities.locality, '') as locality,
        stacked.minimum_charge,
        stacked.maximum_charge,
        stacked.minimum_units,
        stacked.source_line,
        coalesce(key_counts.key_count, 0) as key_count,
        stacked.method = 'percent_of_medicare'
        and left(stacked.schedule_id, 5) = 'opps-'
        and contracts.multiple_procedures_basis = 'medicare' as is_packaged_as_outpatient,
        coalesce(key_counts.line_key_count, 0) > 0
        or coalesce(stacked.minimum_charge, stacked.maximum_charge, stacked.minimum_units) is not null as names_lines
    from stacked
    left join schedules
        on stacked.schedule_id = schedules.schedule_id and coalesce(stacked.locality, '') = schedules.locality
    left join key_counts
        on stacked.contract_id = key_counts.contract_id and stacked.term_number = key_counts.term_number
    inner join contracts on stacked.contract_id = contracts.contract_id
    left join schedule_localities
        on stacked.schedule_id = schedule_localities.schedule_id and stacked.locality = schedule_localities.locality
)

select * from final
{% endmacro %}


{# Behind every term a file can hold. #}
{% macro pricing_default_term_number() -%}
    1000000
{%- endmacro %}
