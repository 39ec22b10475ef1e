{{ config(materialized='incremental') }}

with adjudications as (
    select * from {{ ref('int_adjudications') }}
    where not is_reversal and not is_duplicate and not is_pretend
),

answered_lines as (
    select * from {{ ref('int_answered_lines') }}
),

adjustments as (
    select * from {{ ref('int_adjustments') }}
    where adjustment_class = 'denial'
),

claim_remarks as (
    select * from {{ ref('int_claim_remarks') }}
),

placed as (
    select
        adjustments.*,
        case
            when adjustments.service_number is null then claim_remarks.remark_codes else answered_lines.remark_codes
        end as remark_codes,
        case when adjustments.service_number is null then 0 else answered_lines.line_number end as line_number
    from adjustments
    left outer join answered_lines
        on
            adjustments.adjudication_id = answered_lines.adjudication_id
            and adjustments.service_number = answered_lines.service_number
    left outer join claim_remarks
        on adjustments.adjudication_id = claim_remarks.adjudication_id
),

-- Another payer's remittance often repeats what the primary payer adjusted: no new denial.
first_hand as (
    select
        placed.*,
        adjudications.payer_id,
        adjudications.payer_role,
        adjudications.adjudication_number,
        adjudications.submission_id,
        adjudications.remit_date,
        adjudications.is_first
    from placed
    inner join adjudications
        on placed.adjudication_id = adjudications.adjudication_id
    where
        adjudications.payer_role = 'primary_payer'
        or not exists (
            select 1
            from placed as repeated
            inner join adjudications as primary_adjudications
                on
                    repeated.adjudication_id = primary_adjudications.adjudication_id
                    and primary_adjudications.payer_role = 'primary_payer'
            where
                repeated.claim_key = placed.claim_key
                and repeated.line_number = placed.line_number
                and repeated.reason_code = placed.reason_code
                and repeated.amount = placed.amount
        )
),

ranked as (
    select
        *,
        sum(amount) over (partition by adjudication_id, line_number) as denied_amount,
        -- INTERFACE rule 14: the largest, of equal ones the first in the file.
        row_number() over (
            partition by adjudication_id, line_number order by amount desc, segment_number asc, adjustment_number asc
        ) as reason_rank
    from first_hand
),

reasons as (
    select
        *,
        -- One row a line and date: a second adjudication of the same day replaces the first.
        row_number() over (
            partition by claim_key, payer_id, line_number, remit_date order by adjudication_number desc
        ) as date_rank
    from ranked
    where reason_rank = 1 and denied_amount > 0
),

final as (
    select
        claim_key,
        line_number,
        payer_id,
        payer_role,
        adjudication_id,
        adjudication_number,
        submission_id,
        group_code,
        reason_code,
        remark_codes,
        coalesce(denial_category, 'unspecified') as denial_category,
        cast(denied_amount as decimal(18, 2)) as denied_amount,
        is_first as is_initial,
        is_preventable,
        remit_date as denial_date,
        lead(remit_date) over (partition by claim_key, payer_id, line_number order by remit_date) as next_denial_date
    from reasons
    where date_rank = 1
)

select * from final
