-- The bill each adjudication answers: the lineage's newest to the primary payer by then, else its first.
with

ranked as (

    select
        matches.adjudication_id,
        submissions.submission_id,
        row_number() over (
            partition by matches.adjudication_id
            order by
                case when submissions.payer_sequence = 'P' then 0 else 1 end,
                case when submissions.submitted_date <= claims.remit_date then 0 else 1 end,
                case when submissions.frequency_code = '8' then 1 else 0 end,
                case when submissions.submitted_date <= claims.remit_date then submissions.submission_number end desc,
                submissions.submission_number
        ) as preference
    from {{ ref('int_adjudication_claims') }} as matches
    inner join {{ ref('int_remittance_claims') }} as claims on matches.adjudication_id = claims.adjudication_id
    inner join {{ ref('int_submissions') }} as submissions on matches.claim_key = submissions.claim_key
    where matches.origin = 'claim'

),

final as (

    select
        adjudication_id,
        submission_id
    from ranked
    where preference = 1

)

select * from final
