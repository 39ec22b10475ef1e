-- The published tables with every column the public interface names, and nothing more.
create schema marts;
create table marts.dim_payers (payer_id varchar, payer_name varchar, payer_class varchar, is_unlisted boolean);
create table marts.dim_contracts (
    contract_id varchar, contract_name varchar, payer_id varchar, effective_from date, effective_to date,
    timely_filing_days integer, appeal_days integer);
create table marts.dim_procedures (procedure_code varchar, procedure_family varchar);
create table marts.dim_adjustment_reasons (
    reason_code varchar, adjustment_class varchar, denial_category varchar, is_preventable boolean, description varchar);
create table marts.dim_dates (calendar_date date, month_start_date date);
create table marts.fct_claims (
    claim_key varchar, claim_id varchar, payer_id varchar, payer_class varchar, contract_id varchar, claim_type varchar,
    billing_npi varchar, patient_key varchar, service_from_date date, service_to_date date, first_submitted_date date,
    first_remit_date date, charge_amount decimal(18, 2), expected_allowed_amount decimal(18, 2),
    allowed_amount decimal(18, 2), expected_payer_amount decimal(18, 2), payer_paid_amount decimal(18, 2),
    patient_responsibility_amount decimal(18, 2), contractual_amount decimal(18, 2), denied_amount decimal(18, 2),
    patient_paid_amount decimal(18, 2), written_off_amount decimal(18, 2), refunded_amount decimal(18, 2),
    balance_amount decimal(18, 2), insurance_balance_amount decimal(18, 2), patient_balance_amount decimal(18, 2),
    claim_status varchar, origin varchar);
create table marts.fct_claim_lines (
    claim_key varchar, line_number integer, procedure_code varchar, modifiers varchar, revenue_code varchar,
    units decimal(18, 6), service_date date, charge_amount decimal(18, 2), expected_allowed_amount decimal(18, 2),
    allowed_amount decimal(18, 2), payer_paid_amount decimal(18, 2), patient_responsibility_amount decimal(18, 2),
    contractual_amount decimal(18, 2), denied_amount decimal(18, 2));
create table marts.fct_payment_variances (
    claim_key varchar, claim_id varchar, line_number integer, payer_id varchar, contract_id varchar, term_id varchar,
    service_date date, remit_date date, procedure_code varchar, paid_procedure_code varchar,
    charge_amount decimal(18, 2), expected_allowed_amount decimal(18, 2), allowed_amount decimal(18, 2),
    variance_amount decimal(18, 2), expected_payer_amount decimal(18, 2), payer_paid_amount decimal(18, 2),
    variance_class varchar, not_priced_reason varchar, root_cause varchar, root_cause_detail varchar,
    recoverable_amount decimal(18, 2), appeal_deadline_date date);
create table marts.fct_denials (
    claim_key varchar, claim_id varchar, line_number integer, payer_id varchar, denial_date date, group_code varchar,
    reason_code varchar, remark_codes varchar, denial_category varchar, is_initial boolean, is_preventable boolean,
    denied_amount decimal(18, 2), outcome varchar, outcome_date date, recovered_amount decimal(18, 2),
    appeal_deadline_date date, expected_recovery_amount decimal(18, 2));
create table marts.fct_account_ledger (
    claim_key varchar, posted_date date, posting_type varchar, responsibility varchar, amount decimal(18, 2),
    source_file_id varchar, source_segment integer);
create table marts.fct_ar_aging (
    as_of_date date, claim_key varchar, payer_id varchar, responsibility varchar, age_basis_date date, age_days integer,
    aging_bucket varchar, balance_amount decimal(18, 2), is_denied boolean);
create table marts.fct_ar_rollforward (
    period_month date, payer_class varchar, opening decimal(18, 2), charges decimal(18, 2),
    payer_payments decimal(18, 2), patient_payments decimal(18, 2), contractual decimal(18, 2),
    denial_write_offs decimal(18, 2), bad_debt decimal(18, 2), charity decimal(18, 2),
    other_adjustments decimal(18, 2), refunds decimal(18, 2), closing decimal(18, 2));
create table marts.fct_credit_balances (
    claim_key varchar, claim_id varchar, credit_amount decimal(18, 2), owner varchar, owner_payer_id varchar,
    cause varchar, is_true_overpayment boolean, identified_date date, refund_due_date date, age_days integer,
    aging_bucket varchar, recommended_action varchar);
create table marts.fct_patient_balances (
    claim_key varchar, patient_key varchar, balance_amount decimal(18, 2), first_owed_date date, age_days integer,
    aging_bucket varchar, statements_sent integer, last_statement_date date, last_payment_date date,
    plan_status varchar, dunning_stage varchar, is_agency_eligible boolean, agency_block_reason varchar,
    propensity_band varchar);
create table marts.fct_remittances (
    remittance_key varchar, payer_id varchar, trace_number varchar, payment_date date, payment_amount decimal(18, 2),
    claim_paid_amount decimal(18, 2), provider_adjustment_amount decimal(18, 2), is_balanced boolean,
    is_duplicate boolean);
create table marts.fct_provider_adjustments (
    remittance_key varchar, payer_id varchar, payment_date date, adjustment_code varchar, reference_id varchar,
    adjustment_amount decimal(18, 2));
create table marts.fct_kpis (
    kpi_id varchar, period_month date, payer_id varchar, value decimal(18, 6), numerator decimal(18, 6),
    denominator decimal(18, 6), unit varchar, target_low decimal(18, 6), target_high decimal(18, 6),
    not_computable_reason varchar, is_partial_month boolean);
create table marts.rpt_files (
    file_id varchar, file_name varchar, kind varchar, status varchar, refusal_reason varchar,
    interchange_count integer, transaction_count integer, claim_count integer, service_line_count integer,
    adjustment_count integer, charge_amount decimal(18, 2), paid_amount decimal(18, 2), finding_count integer,
    loaded_at timestamp);
create table marts.rpt_refresh (
    run_id varchar, build varchar, status varchar, message varchar, input_fingerprint varchar,
    files_loaded integer, files_loaded_with_findings integer, files_duplicate integer, files_refused integer,
    claims_landed integer, gates_passed integer, gates_warned integer, gates_failed integer,
    as_of_date date, run_date date, started_at timestamp, finished_at timestamp);
create table marts.rpt_data_quality (
    check_name varchar, layer varchar, subject varchar, severity varchar, status varchar, sentence varchar,
    failure_count bigint);
comment on table marts.fct_payment_variances is 'One row a line of the primary payer''s latest adjudication.';
comment on column marts.fct_payment_variances.variance_amount is 'Allowed less expected; negative is underpaid.';
