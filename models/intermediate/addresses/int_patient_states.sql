{{ config(materialized='incremental', meta={'scope': 'claim'}) }}

select
    claims.claim_key,
    submissions.patient_state_code as state_code
from {{ ref('int_claims') }} as claims
inner join {{ ref('int_submissions') }} as submissions on claims.current_submission_id = submissions.submission_id
where submissions.patient_state_code is not null
