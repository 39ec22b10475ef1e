-- What the models under test read, as far as they read it (docs/layers.md).
create schema intermediate;
create schema staging;
create schema marts;

create table intermediate.int_event_dates (
    event_date date
);

create table intermediate.int_payers (
    payer_id varchar, payer_name varchar, payer_class varchar, is_unlisted boolean
);

create table intermediate.int_claims (
    claim_key bigint, claim_id varchar, origin varchar, claim_type varchar, payer_id varchar, payer_class varchar,
    secondary_payer_id varchar, billing_npi varchar, billing_tax_id varchar, patient_key bigint, product_group
    varchar, plan_name varchar, filing_code varchar, place_of_service varchar, bill_type varchar, drg varchar,
    principal_diagnosis varchar, admission_date date, discharge_date date, service_from_date date, service_to_date
    date, first_submitted_date date, current_submission_id bigint, charge_amount decimal(18,2), is_void boolean,
    has_primary_submission boolean, is_in_ledger boolean
);

create table intermediate.int_claim_lines (
    claim_key bigint, line_number integer, procedure_code varchar, modifiers varchar, revenue_code varchar, units
    decimal(18,6), service_date date, charge_amount decimal(18,2)
);

create table intermediate.int_submissions (
    submission_id bigint, file_id varchar, segment_number integer, claim_id varchar, frequency_code varchar,
    payer_claim_control_number varchar, submitted_date date, payer_sequence varchar, payer_id varchar, charge_amount
    decimal(18,2), claim_key bigint, submission_number integer
);

create table intermediate.int_remittances (
    remittance_key bigint, file_id varchar, file_number integer, transaction_number integer, segment_number
    integer, payer_id varchar, trace_number varchar, payment_date date, payment_amount decimal(18,2), payment_method
    varchar, claim_paid_amount decimal(18,2), provider_adjustment_amount decimal(18,2), is_balanced boolean,
    is_duplicate boolean
);

create table intermediate.int_provider_adjustments (
    remittance_key bigint, adjustment_number integer, payer_id varchar, payment_date date, adjustment_code varchar,
    reference_id varchar, adjustment_amount decimal(18,2), is_duplicate boolean
);

create table intermediate.int_adjudications (
    adjudication_id bigint, claim_key bigint, file_id varchar, segment_number integer, remittance_key bigint,
    payer_id varchar, claim_id varchar, status_code varchar, payer_role varchar, responsibility varchar,
    payer_claim_control_number varchar, remit_date date, charge_amount decimal(18,2), payer_paid_amount
    decimal(18,2), patient_responsibility_amount decimal(18,2), allowed_amount decimal(18,2), is_reversal boolean,
    is_duplicate boolean, is_pretend boolean, adjudication_number integer, is_first boolean, latest_rank integer,
    is_latest boolean,
    submission_id bigint, line_count integer, has_service_lines boolean
);

create table intermediate.int_adjudication_lines (
    adjudication_id bigint, claim_key bigint, service_number integer, line_number integer, payer_paid_amount
    decimal(18,2), allowed_amount decimal(18,2), denied_amount decimal(18,2), patient_responsibility_amount
    decimal(18,2), contractual_amount decimal(18,2)
);

create table intermediate.int_adjustments (
    adjudication_id bigint, claim_key bigint, service_number integer, adjustment_number integer, segment_number
    integer, group_code varchar, reason_code varchar, amount decimal(18,2), quantity decimal(18,6), adjustment_class
    varchar, denial_category varchar, is_preventable boolean, is_inside_allowed boolean
);

create table intermediate.int_priced_claims (
    unit_id bigint, claim_key bigint, contract_id varchar, not_priced_reason varchar, is_claim_priced boolean,
    claim_term_id varchar, expected_allowed_amount decimal(18,2)
);

create table intermediate.int_priced_lines (
    unit_id bigint, line_number integer, term_id varchar, expected_allowed_amount decimal(18,2), not_priced_reason
    varchar
);

create table staging.stg_reference__contracts (
    contract_id varchar, sequestration_percent decimal(18,6), prompt_pay_days integer,
    timely_filing_days integer
);

create table staging.stg_reference__payer_aliases (
    payer_id varchar, alias varchar
);

create table staging.stg_landing__files (
    file_number integer, file_id varchar
);

create table staging.stg_accounts__transactions (
    transaction_id varchar, claim_id varchar, transaction_type varchar, payer_id varchar, note varchar, amount
    decimal(18,2), posted_date date, file_number integer, line_number integer
);

create table marts.fct_payment_variances (
    claim_key bigint, claim_id varchar, line_number integer, payer_id varchar, remit_date date, variance_class
    varchar, root_cause varchar, expected_allowed_amount decimal(18,2), allowed_amount decimal(18,2),
    variance_amount decimal(18,2), recoverable_amount decimal(18,2)
);

create table marts.fct_denials (
    claim_key bigint, line_number integer, payer_id varchar, outcome varchar, outcome_date date, denial_date date,
    denied_amount decimal(18,2), is_initial boolean
);

create table intermediate.int_refused_records (
    file_number integer, segment_number integer
);

create table staging.stg_x12__remittance_claims (
    file_number integer, segment_number integer, transaction_number integer, paid_amount decimal(18,2)
);

create table intermediate.int_remittance_claims (
    adjudication_id bigint, patient_last_name varchar, patient_first_name varchar, member_id varchar
);

create table intermediate.int_patient_states (
    claim_key bigint, state_code varchar
);

create table intermediate.int_payer_states (
    payer_id varchar, state_code varchar
);
