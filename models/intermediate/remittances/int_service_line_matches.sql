-- Which billed line each adjudicated service answers: by line control number (the line's own, or its number sent back),
-- else by what it says was billed, more facts first, else because the claim has one line only. Like lines are paired in
-- order; a line may be answered by several services (a split).
with

services as (

    select
        services.*,
        submissions.submission_id,
        coalesce(services.original_procedure_code, services.procedure_code) as billed_code,
        coalesce(services.original_modifiers, services.modifiers) as billed_modifiers
    from {{ ref('int_adjudication_services') }} as services
    inner join {{ ref('int_adjudication_submissions') }} as submissions
        on services.adjudication_id = submissions.adjudication_id

),

lines as (

    select * from {{ ref('int_submission_lines') }}

),

by_control_number as (

    select
        services.adjudication_id,
        services.service_number,
        min(lines.line_number) as line_number
    from services
    inner join lines
        on
            services.submission_id = lines.submission_id
            and services.line_control_number = coalesce(lines.line_control_number, cast(lines.line_number as varchar))
    group by services.adjudication_id, services.service_number

),

open_services as (

    select services.*
    from services
    left join by_control_number using (adjudication_id, service_number)
    where by_control_number.service_number is null

),

answered as (

    select distinct
        adjudication_id,
        line_number
    from by_control_number

),

-- How like each open service and line are; the first that agree best are paired, one to one.
candidates as (

    select
        services.adjudication_id,
        services.service_number,
        lines.line_number,
        case when services.billed_code = lines.procedure_code then 8 else 0 end
        + case when services.revenue_code = lines.revenue_code then 6 else 0 end
        + case when abs(services.charge_amount) = lines.charge_amount then 4 else 0 end
        + case when services.service_date = lines.service_date then 2 else 0 end
        + case when coalesce(services.billed_modifiers, '') = coalesce(lines.modifiers, '') then 1 else 0 end as score
    from open_services as services
    inner join lines on services.submission_id = lines.submission_id
    left join answered
        on services.adjudication_id = answered.adjudication_id and lines.line_number = answered.line_number
    where answered.line_number is null

),

ranked as (

    select
        adjudication_id,
        service_number,
        line_number,
        score,
        row_number() over (
            partition by adjudication_id, service_number, score order by line_number
        ) as line_rank,
        row_number() over (
            partition by adjudication_id, line_number, score order by service_number
        ) as service_rank,
        max(score) over (partition by adjudication_id, service_number) as best_of_service,
        max(score) over (partition by adjudication_id, line_number) as best_of_line
    from candidates
    -- A date or modifiers alone say nothing.
    where score >= 4

),

by_facts as (

    select
        adjudication_id,
        service_number,
        min(line_number) as line_number
    from ranked
    where score = best_of_service and score = best_of_line and line_rank = service_rank
    group by adjudication_id, service_number

),

only_lines as (

    select
        submission_id,
        min(line_number) as line_number
    from lines
    group by submission_id
    having count(*) = 1

),

by_only_line as (

    select
        services.adjudication_id,
        services.service_number,
        only_lines.line_number
    from open_services as services
    inner join only_lines on services.submission_id = only_lines.submission_id
    left join by_facts using (adjudication_id, service_number)
    where by_facts.service_number is null

),

final as (

    select
        adjudication_id,
        service_number,
        line_number,
        'line_control_number' as match_method
    from by_control_number
    union all
    select
        adjudication_id,
        service_number,
        line_number,
        'line_facts'
    from by_facts
    union all
    select
        adjudication_id,
        service_number,
        line_number,
        'only_line'
    from by_only_line

)

select * from final
