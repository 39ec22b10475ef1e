-- What may well be the same claim under another number: one of ours of the same payer, charge and first service date.
with claims as (
    select * from {{ ref('int_claims') }}
),

adjudications as (
    select * from {{ ref('int_adjudications') }}
),

remittances as (
    select * from {{ ref('int_remittances') }}
),

possible_claims as (
    select
        unmatched.claim_key,
        min(claims.claim_id) as possible_claim_id,
        count(*) as possible_claim_count
    from claims as unmatched
    inner join claims
        on
            unmatched.payer_id = claims.payer_id
            and unmatched.charge_amount = claims.charge_amount
            and unmatched.service_from_date = claims.service_from_date
    where unmatched.origin = 'remittance' and claims.origin = 'claim'
    group by unmatched.claim_key
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
    group by adjudications.claim_key
),

final as (
    select
        claims.claim_key,
        claims.claim_id,
        claims.payer_id,
        claims.claim_type,
        answers.first_trace_number,
        answers.status_code,
        case when possible_claims.possible_claim_count = 1 then possible_claims.possible_claim_id end
            as possible_claim_id,
        cast(coalesce(possible_claims.possible_claim_count, 0) as integer) as possible_claim_count,
        cast(answers.adjudication_count as integer) as adjudication_count,
        claims.charge_amount,
        cast(answers.allowed_amount as decimal(18, 2)) as allowed_amount,
        cast(answers.payer_paid_amount as decimal(18, 2)) as payer_paid_amount,
        claims.service_from_date,
        answers.first_remit_date,
        answers.last_remit_date
    from claims
    left outer join answers
        on claims.claim_key = answers.claim_key
    left outer join possible_claims
        on claims.claim_key = possible_claims.claim_key
    where claims.origin = 'remittance'
)

select * from final
