{#
    The dates on which any rate or weight a contract refers to may change. Between two of them its prices stand, so
    a line's date matters only as the period it falls in. One row a contract and start.
#}
{% macro pricing_rate_periods(terms, schedule_rates, drg_weights) %}
with terms as (
    select distinct
        contract_id,
        schedule_id,
        locality,
        weight_set
    from {{ terms }}
    where schedule_id is not null or weight_set is not null
),

schedule_dates as (
    select
        schedule_id,
        locality,
        effective_from as period_start
    from {{ schedule_rates }}
    group by schedule_id, locality, effective_from
    union
    select
        schedule_id,
        locality,
        {{ add_days('effective_to', 1) }} as period_start
    from {{ schedule_rates }}
    where effective_to < cast('9999-12-31' as date)
    group by schedule_id, locality, effective_to
),

weight_dates as (
    select
        weight_set,
        effective_from as period_start
    from {{ drg_weights }}
    union
    select
        weight_set,
        {{ add_days('effective_to', 1) }} as period_start
    from {{ drg_weights }}
    where effective_to < cast('9999-12-31' as date)
),

starts as (
    select
        terms.contract_id,
        schedule_dates.period_start
    from terms
    inner join schedule_dates
        on terms.schedule_id = schedule_dates.schedule_id and terms.locality = schedule_dates.locality
    union
    select
        terms.contract_id,
        weight_dates.period_start
    from terms
    inner join weight_dates on terms.weight_set = weight_dates.weight_set
),

final as (
    select
        contract_id,
        period_start,
        coalesce(
            lead(period_start) over (partition by contract_id order by period_start), cast('9999-12-31' as date)
        ) as next_period_start
    from starts
)

select * from final
{% endmacro %}
