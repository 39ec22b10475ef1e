-- Which claim each adjudication answers: by patient control number, and among claims that share it by payer, first
-- service date and charge, and where these agree by the patient's name (a family may have one number). One that agrees
-- in nothing else is a claim we never billed.
with

submissions as (

    select * from {{ ref('int_submissions') }}

),

claims as (

    select * from {{ ref('int_remittance_claims') }}

),

claim_payers as (

    select
        claim_key,
        payer_id
    from submissions
    union
    select
        claim_key,
        secondary_payer_id
    from submissions
    where secondary_payer_id is not null

),

scored as (

    select
        claims.adjudication_id,
        submissions.claim_key,
        max(
            case when claim_payers.payer_id is not null then 1 else 0 end
            + case when claims.service_from_date = submissions.service_from_date then 4 else 0 end
            + case when abs(claims.charge_amount) = submissions.charge_amount then 2 else 0 end
        ) as score,
        max(
            case when claims.patient_last_name = submissions.patient_last_name then 1 else 0 end
            + case when claims.patient_first_name = submissions.patient_first_name then 1 else 0 end
        ) as name_score,
        min(submissions.submitted_date) as first_submitted_date
    from claims
    inner join submissions on claims.claim_id = submissions.claim_id
    left join claim_payers
        on submissions.claim_key = claim_payers.claim_key and claims.payer_id = claim_payers.payer_id
    group by claims.adjudication_id, submissions.claim_key

),

best as (

    select
        adjudication_id,
        claim_key,
        row_number() over (
            partition by adjudication_id
            order by score desc, name_score desc, first_submitted_date desc, claim_key asc
        ) as preference
    from scored
    where score > 0

),

unmatched as (

    select
        claims.adjudication_id,
        claims.claim_id,
        coalesce(
            claims.service_from_date, min(claims.service_from_date) over (partition by claims.claim_id)
        ) as service_from_date
    from claims
    left join best on claims.adjudication_id = best.adjudication_id and best.preference = 1
    where best.adjudication_id is null

),

final as (

    select
        adjudication_id,
        claim_key,
        'claim' as origin
    from best
    where preference = 1
    union all
    select
        adjudication_id,
        {{ stable_key(["'remittance'", 'claim_id', 'service_from_date'], date='service_from_date') }} as claim_key,
        'remittance' as origin
    from unmatched

)

select * from final
