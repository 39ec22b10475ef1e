{{ config(materialized='incremental', meta={'scope': 'account'}) }}

with

claims as (

    select * from {{ ref('int_claims') }}

),

totals as (

    select * from {{ ref('int_claim_totals') }}

),

answers as (

    select * from {{ ref('int_claim_answers') }}

),

priced_claims as (

    select * from {{ ref('int_priced_claims') }}

),

contracts as (

    select * from {{ ref('stg_reference__contracts') }}

),

joined as (

    select
        claims.*,
        priced_claims.contract_id,
        priced_claims.not_priced_reason,
        priced_claims.expected_allowed_amount,
        contracts.sequestration_percent,
        answers.first_remit_date,
        answers.allowed_amount,
        answers.patient_responsibility_amount,
        coalesce(answers.denied_amount, 0) as denied_amount,
        coalesce(answers.is_answered, false) as is_answered,
        coalesce(answers.standing_allowed_amount, 0) as standing_allowed_amount,
        coalesce(answers.standing_denied_amount, 0) as standing_denied_amount,
        case when claims.is_in_ledger then coalesce(totals.charge_amount, 0) else claims.charge_amount end
            as net_charge_amount,
        case when claims.is_in_ledger then coalesce(totals.payer_paid_amount, 0) else answers.payer_paid_amount end
            as payer_paid_amount,
        case when claims.is_in_ledger then coalesce(totals.contractual_amount, 0) else answers.contractual_amount end
            as contractual_amount,
        case when claims.is_in_ledger then coalesce(totals.charge_correction_amount, 0) end as charge_correction_amount,
        case when claims.is_in_ledger then coalesce(totals.secondary_paid_amount, 0) end as secondary_paid_amount,
        case when claims.is_in_ledger then coalesce(totals.patient_paid_amount, 0) end as patient_paid_amount,
        case when claims.is_in_ledger then coalesce(totals.written_off_amount, 0) end as written_off_amount,
        case when claims.is_in_ledger then coalesce(totals.refunded_amount, 0) end as refunded_amount,
        case when claims.is_in_ledger then coalesce(totals.balance_amount, 0) end as balance_amount,
        case when claims.is_in_ledger then coalesce(totals.primary_balance_amount, 0) end as primary_balance_amount,
        case when claims.is_in_ledger then coalesce(totals.secondary_balance_amount, 0) end as secondary_balance_amount,
        case when claims.is_in_ledger then coalesce(totals.patient_balance_amount, 0) end as patient_balance_amount
    from claims
    left join totals on claims.claim_key = totals.claim_key
    left join answers on claims.claim_key = answers.claim_key
    left join priced_claims
        on priced_claims.unit_id = case
                when claims.origin = 'remittance' then claims.claim_key
                else claims.current_submission_id
            end
    left join contracts on priced_claims.contract_id = contracts.contract_id

),

final as (

    select
        claim_key,
        claim_id,
        payer_id,
        secondary_payer_id,
        contract_id,
        billing_npi,
        patient_key,
        payer_class,
        claim_type,
        product_group,
        plan_name,
        filing_code,
        place_of_service,
        bill_type,
        drg,
        origin,
        case
            when balance_amount < 0 then 'credit'
            when balance_amount = 0 and primary_balance_amount = 0 and patient_balance_amount = 0 then 'closed'
            when not is_answered then 'unanswered'
            when standing_denied_amount > 0 and standing_allowed_amount <= 0 and payer_paid_amount <= 0 then 'denied'
            when standing_denied_amount > 0 then 'partially_denied'
            else 'paid'
        end as claim_status,
        not_priced_reason,
        cast(net_charge_amount as decimal(18, 2)) as charge_amount,
        cast(expected_allowed_amount as decimal(18, 2)) as expected_allowed_amount,
        cast(allowed_amount as decimal(18, 2)) as allowed_amount,
        -- Rule 9. Without an answer the patient's share is unknown, and so is the payer's.
        cast(round(
            (expected_allowed_amount - patient_responsibility_amount)
            * cast(100 - coalesce(sequestration_percent, 0) as decimal(9, 6)) * 0.01, 2
        ) as decimal(18, 2)) as expected_payer_amount,
        cast(payer_paid_amount as decimal(18, 2)) as payer_paid_amount,
        secondary_paid_amount,
        cast(patient_responsibility_amount as decimal(18, 2)) as patient_responsibility_amount,
        cast(contractual_amount as decimal(18, 2)) as contractual_amount,
        cast(denied_amount as decimal(18, 2)) as denied_amount,
        charge_correction_amount,
        patient_paid_amount,
        written_off_amount,
        refunded_amount,
        balance_amount,
        cast(primary_balance_amount + secondary_balance_amount as decimal(18, 2)) as insurance_balance_amount,
        primary_balance_amount,
        secondary_balance_amount,
        patient_balance_amount,
        is_in_ledger,
        is_void,
        service_from_date,
        service_to_date,
        first_submitted_date,
        first_remit_date
    from joined

)

select * from final
