with

credit_accounts as (

    select * from {{ ref('int_credit_accounts') }}

),

credit_postings as (

    select * from {{ ref('int_credit_postings') }}

),

answers as (

    select * from {{ ref('int_claim_answers') }}

),

priced_claims as (

    select * from {{ ref('int_priced_claims') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

account_totals as (

    select * from {{ ref('int_claim_totals') }}

),

allowed as (

    select
        credit_accounts.claim_key,
        credit_accounts.credit_amount,
        credit_accounts.patient_key,
        coalesce(answers.allowed_amount, priced_claims.expected_allowed_amount) as allowed_amount,
        credit_postings.paid_amount,
        credit_postings.patient_paid_amount,
        credit_postings.payer_paid_by_hand_amount,
        credit_postings.adjusted_by_hand_amount,
        credit_postings.charges_taken_off_amount,
        credit_postings.patient_balance
    from credit_accounts
    inner join claims on credit_accounts.claim_key = claims.claim_key
    inner join credit_postings on credit_accounts.claim_key = credit_postings.claim_key
    left join answers on credit_accounts.claim_key = answers.claim_key
    left join priced_claims on claims.current_submission_id = priced_claims.unit_id

),

charge_correction as (

    select
        claim_key,
        'charge_correction' as cause,
        charges_taken_off_amount as evidence_amount
    from allowed
    where charges_taken_off_amount >= credit_amount

),

-- Nobody paid more than was allowed, and still the account is in credit: too much was written off.
excess_adjustment as (

    select
        claim_key,
        'excess_adjustment' as cause,
        adjusted_by_hand_amount as evidence_amount
    from allowed
    where paid_amount <= allowed_amount
        or (allowed_amount is null and adjusted_by_hand_amount >= credit_amount)

),

-- The same patient owes to the cent, on another account, what was paid too much here.
owed_elsewhere as (

    select
        allowed.claim_key,
        min(other_accounts.claim_key) as other_claim_key
    from allowed
    inner join claims
        on allowed.patient_key = claims.patient_key
            and allowed.claim_key <> claims.claim_key
    inner join account_totals as other_accounts
        on claims.claim_key = other_accounts.claim_key
            and allowed.credit_amount = other_accounts.patient_balance_amount
    where
        allowed.patient_balance < 0
        and allowed.patient_paid_amount >= allowed.credit_amount
    group by allowed.claim_key

),

misposted_payment as (

    select
        allowed.claim_key,
        'misposted_payment' as cause,
        allowed.payer_paid_by_hand_amount as evidence_amount
    from allowed
    left join owed_elsewhere on allowed.claim_key = owed_elsewhere.claim_key
    where allowed.payer_paid_by_hand_amount >= allowed.credit_amount
        or owed_elsewhere.claim_key is not null

),

patient_overpayment as (

    select
        claim_key,
        'patient_overpayment' as cause,
        -patient_balance as evidence_amount
    from allowed
    where
        patient_balance < 0
        and patient_paid_amount > 0

),

final as (

    select * from charge_correction
    union all
    select * from excess_adjustment
    union all
    select * from misposted_payment
    union all
    select * from patient_overpayment

)

select * from final
