-- The sum of a claim's postings by responsibility is what fct_claims says is open, and its money parts explain it.
{{ config(meta={'scope': 'account'}) }}
with

claims as (

    select * from {{ ref('fct_claims') }}

),

ledger as (

    select
        claim_key,
        sum(amount) as balance_amount,
        sum(case when responsibility = 'patient' then amount else 0 end) as patient_balance_amount,
        sum(case when responsibility <> 'patient' then amount else 0 end) as insurance_balance_amount
    from {{ ref('fct_account_ledger') }}
    group by claim_key

)

select
    claims.claim_key,
    ledger.claim_key as ledger_claim_key,
    claims.balance_amount,
    ledger.balance_amount as ledger_balance_amount
from claims
full outer join ledger on claims.claim_key = ledger.claim_key
where
    claims.claim_key is null
    or (ledger.claim_key is not null and not claims.is_in_ledger)
    or (
        claims.is_in_ledger
        and (
            claims.balance_amount <> coalesce(ledger.balance_amount, 0)
            or claims.patient_balance_amount <> coalesce(ledger.patient_balance_amount, 0)
            or claims.insurance_balance_amount <> coalesce(ledger.insurance_balance_amount, 0)
            or claims.patient_balance_amount + claims.insurance_balance_amount <> claims.balance_amount
            or claims.charge_amount - claims.charge_correction_amount - claims.payer_paid_amount
            - claims.contractual_amount - claims.patient_paid_amount - claims.written_off_amount
            + claims.refunded_amount <> claims.balance_amount
        )
    )
