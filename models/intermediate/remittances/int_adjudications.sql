{{ config(materialized='incremental') }}

-- One row a CLP: an adjudication event in its claim's life.
with

-- What a payer says of a claim on one day keeps its order within a file. Of several files, one that begins by taking
-- back comes last: what it takes back is in another.
roles as (

    select
        *,
        first_value(is_reversal) over (
            partition by claim_key, payer_id, remit_date, file_id
            order by segment_number
        ) as is_of_reversing_file
    from {{ ref('int_adjudication_roles') }}

),

totals as (

    select
        adjudication_id,
        cast(sum(denied_amount) as decimal(18, 2)) as denied_amount,
        cast(sum(patient_responsibility_amount) as decimal(18, 2)) as patient_share_amount,
        cast(sum(contractual_amount) as decimal(18, 2)) as contractual_amount,
        cast(sum(unpaid_allowed_amount) as decimal(18, 2)) as unpaid_allowed_amount
    from {{ ref('int_adjustment_totals') }}
    group by adjudication_id

),

-- What payers state of single lines (AMT*B6) holds for their claim too.
services as (

    select
        adjudication_id,
        count(*) as line_count,
        cast(sum(allowed_amount - computed_allowed_amount) as decimal(18, 2)) as stated_allowed_difference
    from {{ ref('int_adjudication_services') }}
    group by adjudication_id

),

-- The primary payer's own adjudications, or, where it has none, those of whoever answered as primary. A payer that
-- covers the patient twice answers once as primary and once after itself: the first of these is the primary's answer.
ranked as (

    select
        roles.adjudication_id,
        row_number() over (
            partition by roles.claim_key
            order by
                case when roles.payer_id = roles.claim_payer_id then 0 else 1 end,
                case when status.payer_role in ('secondary_payer', 'tertiary_payer') then 1 else 0 end,
                roles.remit_date,
                roles.is_of_reversing_file,
                roles.file_id,
                roles.segment_number
        ) as first_rank,
        row_number() over (
            partition by roles.claim_key
            order by
                case when roles.payer_id = roles.claim_payer_id then 0 else 1 end,
                case when status.payer_role in ('secondary_payer', 'tertiary_payer') then 1 else 0 end,
                roles.remit_date desc,
                roles.is_of_reversing_file desc,
                roles.file_id desc,
                roles.segment_number desc
        ) as latest_rank
    from roles
    left join {{ ref('claim_status_codes') }} as status on roles.status_code = status.status_code
    where
        roles.payer_role = 'primary_payer'
        and not roles.is_reversal
        and not roles.is_duplicate
        and not roles.is_pretend

),

numbers as (

    select
        adjudication_id,
        row_number() over (
            partition by claim_key, payer_id
            order by remit_date, is_of_reversing_file, file_id, segment_number
        ) as adjudication_number
    from roles

),

final as (

    select
        roles.adjudication_id,
        roles.claim_key,
        roles.file_id,
        roles.segment_number,
        roles.remittance_key,
        roles.payer_id,
        roles.claim_id,
        roles.status_code,
        roles.payer_role,
        roles.responsibility,
        roles.payer_claim_control_number,
        roles.facility_code,
        roles.drg,
        roles.remit_date,
        roles.charge_amount,
        roles.payer_paid_amount,
        roles.patient_responsibility_amount,
        coalesce(
            roles.coverage_amount,
            roles.payer_paid_amount
            + coalesce(totals.unpaid_allowed_amount, 0)
            + coalesce(services.stated_allowed_difference, 0)
        ) as allowed_amount,
        roles.payer_paid_amount
        + coalesce(totals.unpaid_allowed_amount, 0)
        + coalesce(services.stated_allowed_difference, 0) as computed_allowed_amount,
        coalesce(totals.patient_share_amount, 0) as patient_share_amount,
        coalesce(totals.contractual_amount, 0) as contractual_amount,
        coalesce(totals.denied_amount, 0) as denied_amount,
        roles.is_reversal,
        roles.is_duplicate,
        roles.is_pretend,
        cast(numbers.adjudication_number as integer) as adjudication_number,
        coalesce(ranked.first_rank = 1, false) as is_first,
        cast(ranked.latest_rank as integer) as latest_rank,
        coalesce(ranked.latest_rank = 1, false) as is_latest,
        submissions.submission_id,
        cast(coalesce(services.line_count, 0) as integer) as line_count,
        coalesce(services.line_count, 0) > 0 as has_service_lines
    from roles
    inner join numbers on roles.adjudication_id = numbers.adjudication_id
    left join totals on roles.adjudication_id = totals.adjudication_id
    left join services on roles.adjudication_id = services.adjudication_id
    left join ranked on roles.adjudication_id = ranked.adjudication_id
    left join {{ ref('int_adjudication_submissions') }} as submissions
        on roles.adjudication_id = submissions.adjudication_id

)

select * from final
