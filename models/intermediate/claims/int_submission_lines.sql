{{ config(materialized='incremental', unique_key='submission_id') }}

-- One row a service line of a submission. A line without a date or place of its own has the claim's.
select
    submissions.submission_id,
    lines.line_number,
    lines.line_control_number,
    lines.procedure_qualifier,
    lines.procedure_code,
    lines.modifier_1,
    lines.modifier_2,
    lines.modifier_3,
    lines.modifier_4,
    nullif(concat_ws(':', lines.modifier_1, lines.modifier_2, lines.modifier_3, lines.modifier_4), '') as modifiers,
    lines.revenue_code,
    lines.units,
    lines.unit_basis,
    coalesce(lines.service_date, submissions.service_from_date) as service_date,
    lines.charge_amount,
    coalesce(lines.place_of_service, submissions.place_of_service) as place_of_service,
    lines.rendering_npi
from {{ ref('int_submissions') }} as submissions
inner join {{ ref('int_billed_claims') }} as claims on submissions.submission_id = claims.submission_id
inner join {{ ref('int_billed_lines') }} as lines
    on claims.file_number = lines.file_number and claims.segment_number = lines.claim_number
