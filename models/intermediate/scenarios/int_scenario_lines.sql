with pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

paid_otherwise as (
    select * from {{ ref('int_paid_otherwise') }}
),

scenarios as (
    select * from {{ ref('int_scenarios') }}
),

terms as (
    select * from {{ ref('int_pricing_terms') }}
),

schedule_rates as (
    select * from {{ ref('int_pricing_schedule_rates') }}
),

-- The last day of the schedule's period before the one that priced a line; there may be days between the two.
earlier_periods as (
    select
        priced_lines.unit_id,
        priced_lines.line_number,
        max(least(schedule_rates.effective_to, {{ add_days('schedule_rates.replaced_from', '-1') }})) as last_date
    from priced_lines
    inner join (select distinct unit_id from scenarios where scenario = 'earlier_rates') as units
        on priced_lines.unit_id = units.unit_id
    inner join pricing_lines
        on
            priced_lines.unit_id = pricing_lines.unit_id
            and priced_lines.line_number = pricing_lines.line_number
    inner join terms
        on
            priced_lines.contract_id = terms.contract_id
            and priced_lines.term_id = terms.term_id
    inner join schedule_rates
        on
            terms.schedule_id = schedule_rates.schedule_id
            and terms.locality = schedule_rates.locality
            and pricing_lines.procedure_code = schedule_rates.procedure_code
            and coalesce(priced_lines.rate_modifier, '') = schedule_rates.modifier
            and coalesce(priced_lines.rate_setting, '') = schedule_rates.setting
            and priced_lines.rate_effective_from > schedule_rates.effective_from
    where least(schedule_rates.effective_to, {{ add_days('schedule_rates.replaced_from', '-1') }})
        < priced_lines.rate_effective_from
    group by priced_lines.unit_id, priced_lines.line_number
),

joined as (
    select
        scenarios.scenario_unit_id as unit_id,
        scenarios.scenario,
        scenarios.dropped_modifier,
        scenarios.line_number as scenario_line_number,
        pricing_lines.line_number,
        pricing_lines.procedure_code,
        pricing_lines.modifier_1,
        pricing_lines.modifier_2,
        pricing_lines.modifier_3,
        pricing_lines.modifier_4,
        pricing_lines.revenue_code,
        pricing_lines.place_of_service,
        pricing_lines.rendering_npi,
        pricing_lines.units,
        pricing_lines.anesthesia_minutes,
        paid_otherwise.paid_procedure_code,
        paid_otherwise.paid_modifiers,
        paid_otherwise.paid_units,
        pricing_lines.charge_amount,
        scenarios.scenario = 'recoded' and coalesce(paid_otherwise.is_recoded, false) as is_code_replaced,
        scenarios.scenario in ('recoded', 'units_changed') and coalesce(paid_otherwise.is_units_changed, false)
            as is_unit_count_replaced,
        pricing_lines.service_date,
        case scenarios.scenario
            when 'earlier_rates'
                then coalesce(earlier_periods.last_date, {{ add_days('priced_lines.rate_effective_from', '-1') }})
            else scenarios.rate_date
        end as rate_date_override
    from scenarios
    inner join pricing_lines
        on scenarios.unit_id = pricing_lines.unit_id
    left outer join priced_lines
        on
            pricing_lines.unit_id = priced_lines.unit_id
            and pricing_lines.line_number = priced_lines.line_number
    left outer join earlier_periods
        on
            pricing_lines.unit_id = earlier_periods.unit_id
            and pricing_lines.line_number = earlier_periods.line_number
    left outer join paid_otherwise
        on
            pricing_lines.unit_id = paid_otherwise.unit_id
            and pricing_lines.line_number = paid_otherwise.line_number
),

final as (
    select
        unit_id,
        line_number,
        case when is_code_replaced then paid_procedure_code else procedure_code end as procedure_code,
        {% for position in [1, 2, 3, 4] %}
            case
                when is_code_replaced then nullif({{ dbt.split_part('paid_modifiers', "':'", position) }}, '')
                when
                    dropped_modifier is null
                    or dropped_modifier <> {{ position }}
                    or scenario_line_number <> line_number
                    then modifier_{{ position }}
            end as modifier_{{ position }},
        {% endfor %}
        revenue_code,
        place_of_service,
        rendering_npi,
        case when is_unit_count_replaced then paid_units else units end as units,
        -- A remittance does not say what it counts.
        case when not is_unit_count_replaced then anesthesia_minutes end as anesthesia_minutes,
        charge_amount,
        service_date,
        rate_date_override
    from joined
)

select * from final
