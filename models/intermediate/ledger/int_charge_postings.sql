{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

with

submissions as (

    select * from {{ ref('int_submissions') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

claim_frequencies as (

    select * from {{ ref('claim_frequencies') }}

),

-- A payer after the primary gets the same charges: only the primary payer's claim posts them.
billed as (

    select
        submissions.claim_key,
        submissions.submission_id,
        submissions.file_id,
        submissions.segment_number,
        coalesce(submissions.submitted_date, claims.service_to_date, claims.service_from_date) as submitted_date,
        coalesce(submissions.charge_amount, 0) as charge_amount,
        coalesce(claim_frequencies.charge_effect, 'replaces') as charge_effect,
        submissions.submission_number
    from submissions
    inner join claims
        on submissions.claim_key = claims.claim_key
            and claims.is_in_ledger
    left join claim_frequencies on submissions.frequency_code = claim_frequencies.frequency_code
    where submissions.payer_sequence = 'P'

),

-- Interim and late-charge bills add to what stands; a replacement or void starts the sum anew.
restarts as (

    select
        *,
        sum(case when charge_effect = 'adds' then 0 else 1 end) over (
            partition by claim_key order by submission_number
            rows between unbounded preceding and current row
        ) as restart_number
    from billed

),

levels as (

    select
        *,
        sum(case when charge_effect = 'voids' then 0 else charge_amount end) over (
            partition by claim_key, restart_number order by submission_number
            rows between unbounded preceding and current row
        ) as charged_amount
    from restarts

),

differences as (

    select
        claim_key,
        submission_id,
        file_id,
        segment_number,
        submission_number,
        submitted_date as posted_date,
        charged_amount - coalesce(
            lag(charged_amount) over (partition by claim_key order by submission_number), 0
        ) as amount
    from levels

),

final as (

    select
        claim_key,
        submission_id,
        case when submission_number = 1 then 'charge' else 'charge_correction' end as posting_type,
        file_id,
        segment_number,
        cast(amount as decimal(18, 2)) as amount,
        posted_date
    from differences
    -- A claim billed for nothing has an account too.
    where
        amount <> 0
        or submission_number = 1

)

select * from final
