-- The units with something to explain, and what their base price rests on: it says which alternatives can matter.
with differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

priced_claims as (
    select * from {{ ref('int_priced_claims') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

pricing_claims as (
    select * from {{ ref('int_pricing_claims') }}
),

paid_otherwise as (
    select
        unit_id,
        max(is_recoded) as is_recoded,
        max(is_units_changed) as is_units_changed
    from {{ ref('int_paid_otherwise') }}
    group by unit_id
),

differing_units as (
    select
        unit_id,
        min(line_number) = 0 as has_whole_row
    from differing_lines
    group by unit_id
),

line_traits as (
    select
        pricing_lines.unit_id,
        max(priced_lines.priced_by = 'carve_out') as has_carve_out,
        max(priced_lines.method in ('fee_schedule', 'percent_of_medicare')) as has_schedule_rate,
        max(priced_lines.rate_effective_from > cast('1900-01-01' as date)) as has_earlier_rate
    from pricing_lines
    inner join differing_units
        on pricing_lines.unit_id = differing_units.unit_id
    left outer join priced_lines
        on
            pricing_lines.unit_id = priced_lines.unit_id
            and pricing_lines.line_number = priced_lines.line_number
    group by pricing_lines.unit_id
),

final as (
    select
        differing_units.unit_id,
        pricing_claims.claim_type,
        pricing_claims.payer_id,
        priced_claims.contract_id,
        priced_claims.claim_scoped_term_id is not null as has_claim_term,
        differing_units.has_whole_row,
        coalesce(line_traits.has_carve_out, false) as has_carve_out,
        coalesce(line_traits.has_schedule_rate, false) as has_schedule_rate,
        coalesce(line_traits.has_earlier_rate, false) as has_earlier_rate,
        coalesce(priced_claims.claim_scoped_method = 'drg_weight', false) as has_weight,
        coalesce(paid_otherwise.is_recoded, false) as is_recoded,
        coalesce(paid_otherwise.is_units_changed, false) as is_units_changed,
        pricing_claims.admission_date,
        pricing_claims.discharge_date,
        pricing_claims.service_from_date,
        pricing_claims.service_to_date
    from differing_units
    inner join pricing_claims
        on differing_units.unit_id = pricing_claims.unit_id
    inner join priced_claims
        on differing_units.unit_id = priced_claims.unit_id
    left outer join line_traits
        on differing_units.unit_id = line_traits.unit_id
    left outer join paid_otherwise
        on differing_units.unit_id = paid_otherwise.unit_id
)

select * from final
