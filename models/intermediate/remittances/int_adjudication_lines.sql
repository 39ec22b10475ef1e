{{ config(materialized='incremental') }}

-- One row an adjudicated service with the claim line it answers.
select
    services.adjudication_id,
    matches.claim_key,
    services.service_number,
    cast(
        case when matches.origin = 'remittance' then services.service_number else lines.line_number end as integer
    ) as line_number,
    case when matches.origin = 'remittance' then 'only_line' else coalesce(lines.match_method, 'none') end
        as match_method,
    services.segment_number,
    services.procedure_code,
    services.modifiers,
    services.revenue_code,
    services.units,
    services.original_procedure_code,
    services.original_modifiers,
    services.original_units,
    services.service_date,
    services.charge_amount,
    services.payer_paid_amount,
    services.allowed_amount,
    services.computed_allowed_amount,
    services.denied_amount,
    services.patient_responsibility_amount,
    services.contractual_amount,
    services.remark_codes
from {{ ref('int_adjudication_services') }} as services
inner join {{ ref('int_adjudication_claims') }} as matches on services.adjudication_id = matches.adjudication_id
left join {{ ref('int_service_line_matches') }} as lines
    on services.adjudication_id = lines.adjudication_id and services.service_number = lines.service_number
