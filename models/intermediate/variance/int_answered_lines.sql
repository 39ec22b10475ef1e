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

billed as (
    select
        submission_id,
        max(line_number) as last_line_number
    from submission_lines
    group by submission_id
),

numbered as (
    select
        adjudication_lines.*,
        adjudications.payer_id,
        greatest(
            coalesce(billed.last_line_number, 0),
            coalesce(max(adjudication_lines.line_number) over (partition by adjudication_lines.adjudication_id), 0)
        ) as last_line_number,
        row_number() over (
            partition by adjudication_lines.adjudication_id, adjudication_lines.line_number is null
            order by adjudication_lines.service_number
        ) as unmatched_number
    from adjudication_lines
    inner join adjudications
        on adjudication_lines.adjudication_id = adjudications.adjudication_id
    left outer join billed
        on adjudications.submission_id = billed.submission_id
),

final as (
    select
        adjudication_id,
        claim_key,
        payer_id,
        service_number,
        cast(coalesce(line_number, last_line_number + unmatched_number) as integer) as line_number,
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
