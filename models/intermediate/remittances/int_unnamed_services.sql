-- Adjudicated services of claims we billed that name no billed line, with what the payer says was billed.
select
    services.*,
    submissions.submission_id,
    coalesce(services.original_procedure_code, services.procedure_code) as billed_code,
    coalesce(services.original_modifiers, services.modifiers) as billed_modifiers
from {{ ref('int_adjudication_services') }} as services
inner join {{ ref('int_adjudication_submissions') }} as submissions
    on services.adjudication_id = submissions.adjudication_id
left join {{ ref('int_service_control_matches') }} as matches
    on services.adjudication_id = matches.adjudication_id and services.service_number = matches.service_number
where matches.service_number is null
