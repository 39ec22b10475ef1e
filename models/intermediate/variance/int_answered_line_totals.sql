with answered_lines as (
    select * from {{ ref('int_answered_lines') }}
),

summed as (
    select
        adjudication_id,
        line_number,
        max(procedure_code) as procedure_code,
        max(modifiers) as modifiers,
        max(original_procedure_code) as original_procedure_code,
        max(service_date) as service_date,
        sum(units) as units,
        cast(sum(charge_amount) as decimal(18, 2)) as charge_amount,
        cast(sum(payer_paid_amount) as decimal(18, 2)) as payer_paid_amount,
        -- One unknown part leaves the whole unknown.
        case when count(*) = count(allowed_amount) then cast(sum(allowed_amount) as decimal(18, 2)) end
            as allowed_amount,
        cast(sum(patient_responsibility_amount) as decimal(18, 2)) as patient_responsibility_amount,
        cast(sum(denied_amount) as decimal(18, 2)) as denied_amount,
        max(is_billed) as is_billed,
        count(*) as service_count
    from answered_lines
    group by adjudication_id, line_number
),

-- Of several services that answer one line, the one allowed most names the code paid.
largest as (
    select
        answered_lines.adjudication_id,
        answered_lines.line_number,
        answered_lines.procedure_code,
        answered_lines.modifiers,
        answered_lines.original_procedure_code,
        row_number() over (
            partition by answered_lines.adjudication_id, answered_lines.line_number
            order by coalesce(answered_lines.allowed_amount, 0) desc, answered_lines.service_number asc
        ) as allowed_rank
    from answered_lines
    inner join summed
        on
            answered_lines.adjudication_id = summed.adjudication_id
            and answered_lines.line_number = summed.line_number
    where summed.service_count > 1
),

line_rows as (
    select
        summed.adjudication_id,
        summed.line_number,
        case when summed.service_count = 1 then summed.procedure_code else largest.procedure_code end as procedure_code,
        case when summed.service_count = 1 then summed.modifiers else largest.modifiers end as modifiers,
        case when summed.service_count = 1 then summed.original_procedure_code else largest.original_procedure_code end
            as original_procedure_code,
        summed.service_date,
        summed.units,
        summed.charge_amount,
        summed.payer_paid_amount,
        summed.allowed_amount,
        summed.patient_responsibility_amount,
        summed.denied_amount,
        summed.is_billed
    from summed
    left outer join largest
        on
            summed.adjudication_id = largest.adjudication_id
            and summed.line_number = largest.line_number
            and largest.allowed_rank = 1
)

select * from line_rows
