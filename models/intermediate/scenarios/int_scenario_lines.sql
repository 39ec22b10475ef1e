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

joined as (
    select
        scenarios.scenario_unit_id as unit_id,
        scenarios.scenario,
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
            when 'earlier_rates' then {{ add_days('priced_lines.rate_effective_from', '-1') }}
            else scenarios.rate_date
        end as rate_date_override
    from scenarios
    inner join pricing_lines
        on scenarios.unit_id = pricing_lines.unit_id
    left outer join priced_lines
        on
            pricing_lines.unit_id = priced_lines.unit_id
            and pricing_lines.line_number = priced_lines.line_number
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
                when scenario <> 'no_modifier_{{ position }}' then modifier_{{ position }}
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
