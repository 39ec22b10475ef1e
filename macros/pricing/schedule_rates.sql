{#
    Fee schedules and Medicare's rates in one table, each key's periods cut so that no two hold on one day (of two
    that do, the later start is meant). Medicare's amounts come rounded to cents (rule 4); other schedules have no
    locality ('').
    One row a schedule, locality, code, modifier, setting and start.
#}
{% macro pricing_schedule_rates(fee_schedule_rates, medicare_rates) %}
with fee_schedule_rates as (
    select
        schedule_id,
        '' as locality,
        procedure_code,
        modifier,
        setting,
        amount,
        cast(null as decimal(18, 6)) as base_units,
        effective_from,
        effective_to
    from {{ fee_schedule_rates }}
),

medicare_rates as (
    select
        schedule_id,
        coalesce(locality, '') as locality,
        procedure_code,
        coalesce(modifier, '') as modifier,
        coalesce(setting, '') as setting,
        cast(amount as decimal(18, 6)) as amount,
        cast(base_units as decimal(18, 6)) as base_units,
        coalesce(effective_from, cast('1900-01-01' as date)) as effective_from,
        coalesce(effective_to, cast('9999-12-31' as date)) as effective_to
    from {{ medicare_rates }}
    where amount is not null
),

stacked as (
    select * from fee_schedule_rates
    union all
    select * from medicare_rates
),

final as (
    select
        schedule_id,
        locality,
        procedure_code,
        modifier,
        setting,
        amount,
        base_units,
        effective_from,
        effective_to,
        coalesce(
            lead(effective_from) over (
                partition by schedule_id, locality, procedure_code, modifier, setting order by effective_from
            ),
            cast('9999-12-31' as date)
        ) as replaced_from
    from stacked
)

select * from final
{% endmacro %}
