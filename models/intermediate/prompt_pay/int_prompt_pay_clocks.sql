{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

-- A claim's clock: from the submission that was paid (else answered, else the current one) to the first payment above
-- zero; a refusal stops it too; that of a claim without an answer has not stopped (null).
with claims as (
    select * from {{ ref('int_claims') }}
    where origin = 'claim' and has_primary_submission
),

submissions as (
    select * from {{ ref('int_submissions') }}
),

adjudications as (
    select * from {{ ref('int_adjudications') }}
    where payer_role = 'primary_payer' and not is_reversal and not is_duplicate and not is_pretend
),

ranked as (
    select
        *,
        row_number() over (
            partition by claim_key
            order by case when payer_paid_amount > 0 then 0 else 1 end asc, remit_date asc, adjudication_number asc
        ) as answer_rank
    from adjudications
),

final as (
    select
        claims.claim_key,
        claims.claim_id,
        claims.payer_id,
        claims.payer_class,
        submissions.submission_id,
        case
            when ranked.payer_paid_amount > 0 then 'paid'
            when ranked.adjudication_id is not null then 'refused'
            else 'waiting'
        end as payment_status,
        case when ranked.payer_paid_amount > 0 then ranked.payer_paid_amount end as payer_paid_amount,
        submissions.submitted_date as received_date,
        ranked.remit_date as stopped_date
    from claims
    left outer join ranked
        on
            claims.claim_key = ranked.claim_key
            and ranked.answer_rank = 1
    inner join submissions
        on coalesce(ranked.submission_id, claims.current_submission_id) = submissions.submission_id
    where not coalesce(claims.is_void, false)
)

select * from final
