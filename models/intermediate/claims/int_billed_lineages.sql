-- One row a lineage we billed: the newest bill to the primary payer says what the claim is now; a void (frequency 8)
-- leaves the claim before it, at no charge.
with

submissions as (

    select * from {{ ref('int_submissions') }}

),

ranked as (

    select
        submission_id,
        row_number() over (
            partition by claim_key
            order by
                case when payer_sequence = 'P' then 0 else 1 end,
                case when frequency_code = '8' then 1 else 0 end,
                submission_number desc
        ) as preference
    from submissions

),

totals as (

    select
        claim_key,
        min(submitted_date) as first_submitted_date,
        max(case when payer_sequence = 'P' then 1 else 0 end) = 1 as has_primary_submission,
        max(case when payer_sequence = 'S' then payer_id end) as billed_secondary_payer_id,
        max(case when payer_sequence = 'P' then submission_number end) as newest_number
    from submissions
    group by claim_key

),

voids as (

    select distinct submissions.claim_key
    from submissions
    inner join totals
        on submissions.claim_key = totals.claim_key and submissions.submission_number = totals.newest_number
    where submissions.payer_sequence = 'P' and submissions.frequency_code = '8'

),

first_claim_ids as (

    select
        claim_key,
        claim_id,
        row_number() over (
            partition by claim_key
            order by case when payer_sequence = 'P' then 0 else 1 end, submission_number, submitted_date, submission_id
        ) as preference
    from submissions

),

final as (

    select
        submissions.*,
        first_claim_ids.claim_id as lineage_claim_id,
        totals.first_submitted_date,
        totals.has_primary_submission,
        coalesce(submissions.secondary_payer_id, totals.billed_secondary_payer_id) as lineage_secondary_payer_id,
        voids.claim_key is not null as is_void
    from submissions
    inner join ranked on submissions.submission_id = ranked.submission_id and ranked.preference = 1
    inner join totals on submissions.claim_key = totals.claim_key
    inner join first_claim_ids on submissions.claim_key = first_claim_ids.claim_key and first_claim_ids.preference = 1
    left join voids on submissions.claim_key = voids.claim_key

)

select * from final
