with

medicare_credits as (

    select * from {{ ref('int_medicare_credits') }}

),

credit_balances as (

    select * from {{ ref('fct_credit_balances') }}

),

credit_history as (

    select * from {{ ref('fct_credit_history') }}

),

claims as (

    select * from {{ ref('int_claims') }}

),

ledger as (

    select * from {{ ref('fct_account_ledger') }}

),

remittance_claims as (

    select * from {{ ref('int_remittance_claims') }}

),

payers as (

    select * from {{ ref('dim_payers') }}

),

reported as (

    select
        *,
        {{ add_days('quarter_end_date', 30) }} as due_date
    from medicare_credits

),

-- Money that went back after the quarter, by check or by the payer's own reversal of the claim.
returned as (

    select
        reported.quarter_end_date,
        reported.claim_key,
        sum(case when ledger.posted_date <= reported.due_date then ledger.amount else 0 end) as repaid_amount,
        max(case when ledger.posting_type = 'payer_refund' then 1 else 0 end) as has_check
    from reported
    inner join ledger
        on reported.claim_key = ledger.claim_key
            and ledger.posted_date > reported.quarter_end_date
            and (
                ledger.posting_type = 'payer_refund'
                or (ledger.posting_type = 'payer_payment' and ledger.posting_event = 'reversal')
            )
    group by
        reported.quarter_end_date,
        reported.claim_key

),

-- A credit that still lasts is judged by what is known today, one settled since by what was known at the quarter's end.
owned as (

    select
        reported.*,
        least(reported.credit_amount, credit_history.evidence_amount) as overpaid_amount,
        coalesce(credit_balances.cause, credit_history.cause) as cause,
        coalesce(credit_balances.owner, credit_history.owner) as owner,
        coalesce(credit_balances.is_true_overpayment, credit_history.is_true_overpayment) as is_true_overpayment,
        least(coalesce(returned.repaid_amount, 0), reported.credit_amount, credit_history.evidence_amount)
            as repaid_amount,
        case when returned.has_check = 1 then 'C' when returned.repaid_amount > 0 then 'X' end as repayment_method
    from reported
    inner join credit_history
        on reported.quarter_end_date = credit_history.as_of_date
            and reported.claim_key = credit_history.claim_key
    left join credit_balances
        on reported.claim_key = credit_balances.claim_key
            and reported.quarter_end_date >= credit_balances.credit_since_date
    left join returned
        on reported.quarter_end_date = returned.quarter_end_date
            and reported.claim_key = returned.claim_key

),

final as (

    select
        owned.quarter_end_date,
        owned.claim_key,
        cast(extract(year from owned.quarter_start_date) as varchar)
        || 'Q' || cast(extract(quarter from owned.quarter_start_date) as varchar) as quarter,
        claims.billing_npi as provider_npi,
        case
            when substr(claims.bill_type, 1, 2) in ('11', '18', '21', '28', '41', '51', '81', '82') then 'A' else 'B'
        end as medicare_part,
        claims.claim_id,
        remittance_claims.patient_last_name || coalesce(', ' || substr(remittance_claims.patient_first_name, 1, 1), '')
            as beneficiary_name,
        remittance_claims.member_id as medicare_beneficiary_id,
        nullif(owned.payer_claim_control_number, '') as internal_control_number,
        substr(claims.bill_type, 1, 3) as bill_type,
        cast(null as varchar) as cost_report_status,
        owned.repayment_method,
        case
            when owned.cause = 'duplicate_payment' then '1'
            when owned.cause in ('two_primary_payers', 'coordination_of_benefits') then '2'
            else '3'
        end as reason_code,
        cast(null as varchar) as value_code,
        case
            when owned.cause in ('two_primary_payers', 'coordination_of_benefits') then payers.payer_name
            when owned.cause <> 'duplicate_payment' then replace(owned.cause, '_', ' ')
        end as primary_payer_or_explanation,
        cast(owned.overpaid_amount as decimal(18, 2)) as credit_amount,
        cast(owned.repaid_amount as decimal(18, 2)) as repaid_amount,
        cast(owned.overpaid_amount - owned.repaid_amount as decimal(18, 2)) as outstanding_amount,
        owned.is_closed_quarter,
        coalesce(claims.admission_date, claims.service_from_date) as admission_date,
        coalesce(claims.discharge_date, claims.service_to_date) as discharge_date,
        owned.paid_date,
        owned.due_date
    from owned
    inner join claims on owned.claim_key = claims.claim_key
    left join remittance_claims on owned.adjudication_id = remittance_claims.adjudication_id
    left join payers on claims.payer_id = payers.payer_id
    where
        owned.owner = 'medicare'
        and owned.is_true_overpayment

)

select * from final
