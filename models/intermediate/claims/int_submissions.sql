{{ config(materialized='incremental') }}

-- One row an 837 claim, in its lineage, as far as it is known on the as-of date.
with

claims as (

    select
        billed.*,
        lineages.claim_key
    from {{ ref('int_billed_claims') }} as billed
    inner join {{ ref('int_submission_lineages') }} as lineages on billed.submission_id = lineages.submission_id
    cross join {{ ref('int_as_of') }} as as_of
    where billed.submitted_date <= as_of.as_of_date or billed.submitted_date is null

),

split_days as (

    select
        claim_key,
        payer_sequence,
        submitted_date
    from claims
    group by claim_key, payer_sequence, submitted_date
    having min(file_number) <> max(file_number)

),

-- Of files of one day none is known to be the earlier, but one that begins with a first bill comes before one that
-- begins with what replaces or voids it.
file_starts as (

    select
        claims.claim_key,
        claims.payer_sequence,
        claims.submitted_date,
        claims.file_number,
        arg_min(claims.frequency_code, claims.segment_number) in ('7', '8') as is_follow_up
    from claims
    inner join split_days
        on claims.claim_key = split_days.claim_key
            and claims.payer_sequence = split_days.payer_sequence
            and claims.submitted_date = split_days.submitted_date
    group by claims.claim_key, claims.payer_sequence, claims.submitted_date, claims.file_number

),

final as (

    select
        claims.submission_id,
        claims.file_id,
        claims.segment_number,
        claims.claim_id,
        claims.claim_type,
        claims.frequency_code,
        claims.payer_claim_control_number,
        claims.submitted_date,
        claims.payer_sequence,
        claims.payer_id,
        claims.primary_payer_id,
        claims.secondary_payer_id,
        claims.product_group,
        claims.plan_name,
        claims.filing_code,
        claims.billing_npi,
        claims.billing_tax_id,
        claims.patient_key,
        claims.patient_last_name,
        claims.patient_first_name,
        claims.patient_state_code,
        case when claims.claim_type <> 'institutional' then claims.facility_code end as place_of_service,
        case when claims.claim_type = 'institutional' then claims.facility_code || claims.frequency_code end
            as bill_type,
        claims.drg,
        claims.principal_diagnosis,
        claims.admission_date,
        -- A stay ends with its statement period; an outpatient claim has no discharge.
        case
            when
                claims.claim_type = 'institutional'
                and substr(claims.facility_code, 1, 2) in ('11', '12', '18', '21', '41')
                then claims.service_to_date
        end as discharge_date,
        claims.service_from_date,
        claims.service_to_date,
        claims.charge_amount,
        claims.claim_key,
        row_number() over (
            partition by claims.claim_key, claims.payer_sequence
            order by
                claims.submitted_date,
                coalesce(file_starts.is_follow_up, false),
                claims.file_id,
                claims.segment_number
        ) as submission_number
    from claims
    left join file_starts
        on claims.claim_key = file_starts.claim_key
            and claims.payer_sequence = file_starts.payer_sequence
            and claims.submitted_date = file_starts.submitted_date
            and claims.file_number = file_starts.file_number

)

select * from final
