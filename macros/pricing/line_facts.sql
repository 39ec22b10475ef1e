{#
    Everything a term may ask of a line, on the line: its own codes, its claim's, and the dates rates go by.
    Lines of units without a contract are left out.
    One row a unit (`unit_number` of the contract choices) and line.
#}
{% macro pricing_line_facts(claims, lines, contract_choices, contracts) %}
with claims as (
    select * from {{ claims }}
),

lines as (
    select * from {{ lines }}
),

contract_choices as (
    select * from {{ contract_choices }}
),

contracts as (
    select * from {{ contracts }}
),

joined as (
    select
        contract_choices.unit_number,
        lines.line_number,
        contracts.contract_id,
        lines.procedure_code,
        lines.modifier_1,
        lines.modifier_2,
        lines.modifier_3,
        lines.modifier_4,
        lines.revenue_code,
        coalesce(lines.place_of_service, claims.place_of_service) as place_of_service,
        claims.bill_type,
        claims.drg,
        claims.principal_diagnosis as diagnosis,
        lines.rendering_npi,
        case when abs(lines.units) < {{ pricing_highest_units() }} then lines.units end as units,
        case when abs(lines.anesthesia_minutes) < {{ pricing_highest_units() }} then lines.anesthesia_minutes end
            as anesthesia_minutes,
        case when abs(lines.charge_amount) < {{ pricing_highest_charge() }} then lines.charge_amount end
            as charge_amount,
        claims.is_carve_out_ignored,
        claims.is_claim_scope_ignored,
        claims.is_setting_flipped,
        -- Medicare takes two units for two sides; elsewhere they are two units.
        contracts.modifiers_basis = 'medicare' and lines.units = 2 as has_two_sides,
        coalesce(lines.service_date, claims.service_from_date) as service_date,
        coalesce(lines.rate_date_override, lines.service_date, claims.service_from_date) as rate_date,
        case
            when claims.drg is not null
                then coalesce(claims.discharge_date, claims.service_to_date, claims.service_from_date)
        end as weight_date
    from lines
    inner join claims on lines.unit_id = claims.unit_id
    inner join contract_choices on lines.unit_id = contract_choices.unit_id
    inner join contracts on contract_choices.contract_id = contracts.contract_id
),

-- Rule 4's list. A claim without a place of service (institutional) goes by the list's "else": non-facility, which
-- is also how Medicare pays hospitals for what stands on the physician fee schedule (outpatient therapy).
final as (
    select
        *,
        case
            when
                (coalesce(place_of_service, '') in {{ pricing_facility_places() }}) <> is_setting_flipped
                then 'facility'
            else 'non_facility'
        end as setting
    from joined
)

select * from final
{% endmacro %}


{# Places of service that take Medicare's facility rate (INTERFACE rule 4). #}
{% macro pricing_facility_places() -%}
    ('19', '21', '22', '23', '24', '26', '31', '34', '41', '42', '51', '52', '53', '56', '61')
{%- endmacro %}
