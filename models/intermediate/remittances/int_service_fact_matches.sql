-- Services without a control number, paired with the open billed lines they are most like: code and revenue code,
-- charge, date, modifiers. Like lines are paired in order.
with

open_services as (

    select * from {{ ref('int_unnamed_services') }}

),

lines as (

    select * from {{ ref('int_submission_lines') }}

),

answered as (

    select distinct
        adjudication_id,
        line_number
    from {{ ref('int_service_control_matches') }}

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

)

select * from by_facts
