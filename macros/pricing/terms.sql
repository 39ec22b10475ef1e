{#
    What each term looks up and asks: `term_key` numbers the terms of all contracts, `schedule_number` what they look
    rates up in; `priority` puts a contract's terms in one order; `names_lines`: its keys are not all the claim's.
    One row a contract and term number.
#}
{% macro pricing_terms(contracts, term_rows, term_matches, schedule_rates) %}
with contracts as (
    select * from {{ contracts }}
),

stacked as (
    select * from {{ term_rows }}
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

