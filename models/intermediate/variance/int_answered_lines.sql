-- Services of one adjudication that answer no billed line are numbered after the billed ones, so that what the payer
-- added is seen and no two lines share a number.
with adjudications as (
    select * from {{ ref('int_adjudications') }}
    where not is_reversal and not is_duplicate and not is_pretend
),

adjudication_lines as (
    select * from {{ ref('int_adjudication_lines') }}
),

submission_lines as (
    select * from {{ ref('int_submission_lines') }}
),

-- Services without a line are few, so only their adjudications are counted through.
unplaced as (
    select
        adjudication_id,
        service_number,
        row_number() over (partition by adjudication_id order by service_number) as unplaced_number
    from adjudication_lines
    where line_number is null
),

last_lines as (
    select
        adjudications.adjudication_id,
        greatest(
            coalesce(max(submission_lines.line_number), 0), coalesce(max(adjudication_lines.line_number), 0)
        ) as last_line_number
    from adjudications
    inner join adjudication_lines
        on adjudications.adjudication_id = adjudication_lines.adjudication_id
    left outer join submission_lines
        on adjudications.submission_id = submission_lines.submission_id
    where adjudications.adjudication_id in (select unplaced.adjudication_id from unplaced)
    group by adjudications.adjudication_id
),

numbered as (
    select
        adjudication_lines.*,
        adjudications.payer_id,
        last_lines.last_line_number + unplaced.unplaced_number as unplaced_line_number
    from adjudication_lines
    inner join adjudications
        on adjudication_lines.adjudication_id = adjudications.adjudication_id
    left outer join unplaced
        on
            adjudication_lines.adjudication_id = unplaced.adjudication_id
            and adjudication_lines.service_number = unplaced.service_number
    left outer join last_lines
        on unplaced.adjudication_id = last_lines.adjudication_id
),

final as (
    select
        adjudication_id,
        claim_key,
        payer_id,
        service_number,
        cast(coalesce(line_number, unplaced_line_number) as integer) as line_number,
        segment_number,
        procedure_code,
        modifiers,
        revenue_code,
        units,
        original_procedure_code,
        original_units,
        service_date,
        charge_amount,
        payer_paid_amount,
        allowed_amount,
        denied_amount,
        patient_responsibility_amount,
        remark_codes,
        line_number is not null as is_billed
    from numbered
)

select * from final
