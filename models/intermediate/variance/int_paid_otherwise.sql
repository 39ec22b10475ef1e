with differing_lines as (
    select * from {{ ref('int_differing_lines') }}
),

adjudicated_lines as (
    select * from {{ ref('int_adjudicated_lines') }}
    where line_number > 0 and is_billed
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

differing_claims as (
    select distinct
        claim_key,
        unit_id,
        adjudication_id
    from differing_lines
),

compared as (
    select
        differing_claims.claim_key,
        differing_claims.unit_id,
        pricing_lines.line_number,
        pricing_lines.procedure_code as billed_procedure_code,
        upper(adjudicated_lines.procedure_code) as paid_procedure_code,
        upper(adjudicated_lines.modifiers) as paid_modifiers,
        pricing_lines.units as billed_units,
        adjudicated_lines.units as paid_units,
        coalesce(upper(adjudicated_lines.procedure_code) <> upper(pricing_lines.procedure_code), false) as is_recoded,
        coalesce(
            adjudicated_lines.units > 0 and adjudicated_lines.units <> pricing_lines.units, false
        ) as is_units_changed
    from differing_claims
    inner join adjudicated_lines
        on differing_claims.adjudication_id = adjudicated_lines.adjudication_id
    inner join pricing_lines
        on
            differing_claims.unit_id = pricing_lines.unit_id
            and adjudicated_lines.line_number = pricing_lines.line_number
),

final as (
    select * from compared
    where is_recoded or is_units_changed
)

select * from final
