-- Adjudicated services that name the billed line they answer: its control number, or its own number sent back.
select
    services.adjudication_id,
    services.service_number,
    min(lines.line_number) as line_number
from {{ ref('int_adjudication_services') }} as services
inner join {{ ref('int_adjudication_submissions') }} as submissions
    on services.adjudication_id = submissions.adjudication_id
inner join {{ ref('int_submission_lines') }} as lines
    on
        submissions.submission_id = lines.submission_id
        and services.line_control_number = coalesce(lines.line_control_number, cast(lines.line_number as varchar))
group by
    services.adjudication_id,
    services.service_number
