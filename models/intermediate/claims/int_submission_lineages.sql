-- Which claim each submission belongs to. A claim is what a first bill (any frequency but 7 and 8) to the primary
-- payer says: control number, patient and first service date; control numbers are used again in the wild. A
-- replacement, a void or a bill to a later payer joins the claim of its control number that it is most like, or the
-- one whose payer claim control number it names (REF*F8).
with

submissions as (

    select
        *,
        {{ stable_key(['claim_id', 'patient_key', 'service_from_date'], date='service_from_date') }} as own_key,
        frequency_code in ('7', '8') or payer_sequence <> 'P' as is_follow_up
    from {{ ref('int_billed_claims') }}

),

anchors as (

    select
        claim_id,
        patient_key,
        service_from_date,
        own_key as claim_key,
        min(submitted_date) as first_submitted_date
    from submissions
    where not is_follow_up
    group by claim_id, patient_key, service_from_date, own_key

),

control_numbers as (

    select
        payer_claim_control_number,
        min(claim_id) as claim_id
    from {{ ref('stg_x12__remittance_claims') }}
    group by payer_claim_control_number

),

follow_ups as (

    select * from submissions
    where is_follow_up

),

named as (

    select
        follow_ups.*,
        coalesce(own.claim_id, control_numbers.claim_id, follow_ups.claim_id) as anchor_claim_id
    from follow_ups
    left join (select distinct claim_id from anchors) as own on follow_ups.claim_id = own.claim_id
    left join control_numbers on follow_ups.payer_claim_control_number = control_numbers.payer_claim_control_number

),

ranked as (

    select
        named.submission_id,
        anchors.claim_key,
        row_number() over (
            partition by named.submission_id
            order by
                case when named.patient_key = anchors.patient_key then 0 else 1 end asc,
                case when named.service_from_date = anchors.service_from_date then 0 else 1 end asc,
                case when anchors.first_submitted_date <= named.submitted_date then 0 else 1 end asc,
                anchors.first_submitted_date desc,
                anchors.claim_key asc
        ) as preference
    from named
    inner join anchors on named.anchor_claim_id = anchors.claim_id

),

final as (

    select
        submissions.submission_id,
        -- A correction of a bill that never came here stands for the claim itself.
        coalesce(ranked.claim_key, submissions.own_key) as claim_key
    from submissions
    left join ranked on submissions.submission_id = ranked.submission_id and ranked.preference = 1

)

select * from final
