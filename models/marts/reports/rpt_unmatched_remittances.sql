-- What may well be the same claim under another number: one of ours of the same payer, charge and first service date.
with

-- Read for few claims, and for what is like them (`not materialized`).
claims as not materialized (
    select * from {{ ref('int_claims') }}
),

unmatched_claims as (
    select * from claims
    where origin = 'remittance'
),

adjudications as (
    select * from {{ ref('int_adjudications') }}
),

remittances as (
    select * from {{ ref('int_remittances') }}
),

possible_claims as (
    select
        unmatched_claims.claim_key,
        min(claims.claim_id) as possible_claim_id,
        count(*) as possible_claim_count
    from unmatched_claims
    inner join claims
        on
            unmatched_claims.payer_id = claims.payer_id
            and unmatched_claims.charge_amount = claims.charge_amount
            and unmatched_claims.service_from_date = claims.service_from_date
    where claims.origin = 'claim'
    group by unmatched_claims.claim_key
),

answers as (
    select
        adjudications.claim_key,
        count(*) as adjudication_count,
        min(remittances.trace_number) as first_trace_number,
        max(case when adjudications.is_latest then adjudications.status_code end) as status_code,
        max(case when adjudications.is_latest then adjudications.allowed_amount end) as allowed_amount,
        sum(case when adjudications.is_duplicate then 0 else adjudications.payer_paid_amount end) as payer_paid_amount,
        min(adjudications.remit_date) as first_remit_date,
        max(adjudications.remit_date) as last_remit_date
    from adjudications
    left outer join remittances
        on adjudications.remittance_key = remittances.remittance_key
    where adjudications.claim_key in (select unmatched_claims.claim_key from unmatched_claims)
    group by adjudications.claim_key
),

final as (
    select
        unmatched_claims.claim_key,
        unmatched_claims.claim_id,
        unmatched_claims.payer_id,
        unmatched_claims.claim_type,
        answers.first_trace_number,
        answers.status_code,
        case when possible_claims.possible_claim_count = 1 then possible_claims.possible_claim_id end
            as possible_claim_id,
        cast(coalesce(possible_claims.possible_claim_count, 0) as integer) as possible_claim_count,
        cast(answers.adjudication_count as integer) as adjudication_count,
        unmatched_claims.charge_amount,
        cast(answers.allowed_amount as decimal(18, 2)) as allowed_amount,
        cast(answers.payer_paid_amount as decimal(18, 2)) as payer_paid_amount,
        unmatched_claims.service_from_date,
        answers.first_remit_date,
        answers.last_remit_date
    from unmatched_claims
    left outer join answers
        on unmatched_claims.claim_key = answers.claim_key
    left outer join possible_claims
        on unmatched_claims.claim_key = possible_claims.claim_key
)

select * from final
