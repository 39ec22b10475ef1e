with compared_claims as (
    select * from {{ ref('int_compared_claims') }}
),

adjudicated_lines as (
    select * from {{ ref('int_adjudicated_lines') }}
    where line_number > 0
),

pricing_lines as (
    select * from {{ ref('int_pricing_lines') }}
),

priced_lines as (
    select * from {{ ref('int_priced_lines') }}
),

-- A billed line that the adjudication leaves out has no answer, hence no row; rpt_data_quality counts them.
line_rows as (
    select
        compared_claims.claim_key,
        adjudicated_lines.line_number,
        priced_lines.term_id,
        adjudicated_lines.procedure_code as paid_procedure_code,
        coalesce(
            pricing_lines.procedure_code,
            case
                when not adjudicated_lines.is_billed
                    then coalesce(adjudicated_lines.original_procedure_code, adjudicated_lines.procedure_code)
            end
        ) as procedure_code,
        coalesce(pricing_lines.service_date, adjudicated_lines.service_date, compared_claims.service_date)
            as service_date,
        coalesce(pricing_lines.charge_amount, adjudicated_lines.charge_amount) as charge_amount,
        priced_lines.expected_allowed_amount,
        adjudicated_lines.allowed_amount,
        adjudicated_lines.payer_paid_amount,
        adjudicated_lines.patient_responsibility_amount,
        adjudicated_lines.denied_amount,
        case
            when not adjudicated_lines.is_billed then 'not_billed'
            else coalesce(priced_lines.not_priced_reason, compared_claims.not_priced_reason)
        end as not_priced_reason
    from compared_claims
    inner join adjudicated_lines
        on compared_claims.adjudication_id = adjudicated_lines.adjudication_id
    left outer join pricing_lines
        on
            compared_claims.unit_id = pricing_lines.unit_id
            and adjudicated_lines.line_number = pricing_lines.line_number
    left outer join priced_lines
        on
            compared_claims.unit_id = priced_lines.unit_id
            and adjudicated_lines.line_number = priced_lines.line_number
    where not compared_claims.is_whole
),

claim_rows as (
    select
        claim_key,
        0 as line_number,
        claim_term_id as term_id,
        cast(null as varchar) as paid_procedure_code,
        cast(null as varchar) as procedure_code,
        service_date,
        charge_amount,
        expected_allowed_amount,
        allowed_amount,
        payer_paid_amount,
        patient_responsibility_amount,
        denied_amount,
        not_priced_reason
    from compared_claims
    where is_whole
),

final as (
    select * from line_rows
    union all
    select * from claim_rows
)

select * from final
