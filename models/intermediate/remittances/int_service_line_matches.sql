-- Which billed line each adjudicated service answers: by line control number, else by what it says was billed, else
-- because the claim has one line only. A line may be answered by several services (a split).
with

by_control_number as (

    select * from {{ ref('int_service_control_matches') }}

),

by_facts as (

    select * from {{ ref('int_service_fact_matches') }}

),

only_lines as (

    select
        submission_id,
        min(line_number) as line_number
    from {{ ref('int_submission_lines') }}
    group by submission_id
    having count(*) = 1

),

by_only_line as (

    select
        services.adjudication_id,
        services.service_number,
        only_lines.line_number
    from {{ ref('int_unnamed_services') }} as services
    inner join only_lines on services.submission_id = only_lines.submission_id
    left join by_facts
        on services.adjudication_id = by_facts.adjudication_id and services.service_number = by_facts.service_number
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
