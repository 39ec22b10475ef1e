{{ config(materialized='incremental') }}

-- The lines of the current bill; of a claim known from a remittance alone, what the 835 says was billed (SVC06 and
-- SVC07, else SVC01 and SVC05).
with

billed as (

    select
        claims.claim_key,
        lines.line_number,
        lines.line_control_number,
        lines.procedure_qualifier,
        lines.procedure_code,
        lines.modifier_1,
        lines.modifier_2,
        lines.modifier_3,
        lines.modifier_4,
        lines.modifiers,
        lines.revenue_code,
        lines.units,
        lines.unit_basis,
        lines.service_date,
        lines.charge_amount,
        lines.place_of_service,
        lines.rendering_npi
    from {{ ref('int_claims') }} as claims
    inner join {{ ref('int_submission_lines') }} as lines on claims.current_submission_id = lines.submission_id

),

remitted as (

    select
        claims.claim_key,
        services.service_number as line_number,
        services.line_control_number,
        services.procedure_qualifier,
        coalesce(services.original_procedure_code, services.procedure_code) as procedure_code,
        case
            when services.original_procedure_code is null then services.modifier_1
            else nullif(split_part(services.original_modifiers, ':', 1), '')
        end as modifier_1,
        case
            when services.original_procedure_code is null then services.modifier_2
            else nullif(split_part(services.original_modifiers, ':', 2), '')
        end as modifier_2,
        case
            when services.original_procedure_code is null then services.modifier_3
            else nullif(split_part(services.original_modifiers, ':', 3), '')
        end as modifier_3,
        case
            when services.original_procedure_code is null then services.modifier_4
            else nullif(split_part(services.original_modifiers, ':', 4), '')
        end as modifier_4,
        case when services.original_procedure_code is null then services.modifiers else services.original_modifiers end
            as modifiers,
        services.revenue_code,
        coalesce(services.original_units, services.units) as units,
        cast('UN' as varchar) as unit_basis,
        services.service_date,
        services.charge_amount,
        claims.place_of_service,
        cast(null as varchar) as rendering_npi
    from {{ ref('int_remittance_lineages') }} as lineages
    inner join {{ ref('int_claims') }} as claims on lineages.claim_key = claims.claim_key
    inner join {{ ref('int_adjudication_services') }} as services
        on lineages.adjudication_id = services.adjudication_id

),

final as (

    select * from billed
    union all
    select * from remitted

)

select * from final
