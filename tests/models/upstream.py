"""The relations that models under test read, as the layers promise them, and rows written into them by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tests.models import keys

CONTRACT_MODELS = "resource_type:seed path:models/intermediate/pricing/contracts"
"""What pricing rests on that no claim changes, and the seeds: enough for counterfactuals over prices given by hand."""

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

# What the layers promise one another (docs/layers.md), as far as the models under test read it.
UPSTREAM: dict[str, str] = {
    "intermediate.int_as_of": "as_of_date date, run_date date",
    "intermediate.int_claims": """claim_key bigint, claim_id varchar, origin varchar, claim_type varchar,
        payer_id varchar, payer_class varchar, secondary_payer_id varchar, billing_npi varchar, billing_tax_id varchar,
        patient_key bigint, product_group varchar, plan_name varchar, filing_code varchar, place_of_service varchar,
        bill_type varchar, drg varchar, principal_diagnosis varchar, admission_date date, discharge_date date,
        service_from_date date, service_to_date date, first_submitted_date date, current_submission_id bigint,
        charge_amount decimal(18,2), is_void boolean, has_primary_submission boolean, is_in_ledger boolean""",
    "intermediate.int_billed_claims": """submission_id bigint, file_id varchar, file_number integer,
        segment_number integer, claim_id varchar, claim_type varchar, frequency_code varchar,
        payer_claim_control_number varchar, submitted_date date, payer_sequence varchar, payer_id varchar,
        primary_payer_id varchar, secondary_payer_id varchar, product_group varchar, plan_name varchar,
        filing_code varchar, billing_npi varchar, billing_tax_id varchar, patient_key bigint,
        patient_last_name varchar, patient_first_name varchar, patient_state_code varchar, facility_code varchar,
        drg varchar, principal_diagnosis varchar, admission_date date, service_from_date date, service_to_date date,
        charge_amount decimal(18,2)""",
    "intermediate.int_submission_lineages": "submission_id bigint, claim_key bigint",
    "intermediate.int_remittance_claims": """adjudication_id bigint, claim_id varchar, payer_id varchar,
        status_code varchar, service_from_date date, charge_amount decimal(18,2), patient_last_name varchar,
        patient_first_name varchar""",
    "intermediate.int_submissions": """submission_id bigint, file_id varchar, segment_number integer,
        claim_id varchar, claim_type varchar, frequency_code varchar, payer_claim_control_number varchar,
        submitted_date date, payer_sequence varchar, payer_id varchar, secondary_payer_id varchar,
        product_group varchar, plan_name varchar, filing_code varchar, billing_npi varchar, billing_tax_id varchar,
        patient_key bigint, place_of_service varchar, bill_type varchar, drg varchar, principal_diagnosis varchar,
        admission_date date, discharge_date date, service_from_date date, service_to_date date,
        charge_amount decimal(18,2), claim_key bigint""",
    "intermediate.int_submission_lines": """submission_id bigint, line_number integer, line_control_number varchar,
        procedure_qualifier varchar, procedure_code varchar, modifier_1 varchar, modifier_2 varchar,
        modifier_3 varchar, modifier_4 varchar, modifiers varchar, revenue_code varchar, units decimal(18,6),
        unit_basis varchar, service_date date, charge_amount decimal(18,2), place_of_service varchar,
        rendering_npi varchar""",
    "intermediate.int_claim_lines": """claim_key bigint, line_number integer, procedure_code varchar,
        modifier_1 varchar, modifier_2 varchar, modifier_3 varchar, modifier_4 varchar, revenue_code varchar,
        units decimal(18,6), service_date date, charge_amount decimal(18,2), place_of_service varchar,
        rendering_npi varchar""",
    "intermediate.int_adjudications": """adjudication_id bigint, claim_key bigint, file_id varchar,
        segment_number integer, remittance_key bigint, payer_id varchar, claim_id varchar, status_code varchar,
        payer_role varchar, responsibility varchar, payer_claim_control_number varchar, remit_date date,
        charge_amount decimal(18,2), payer_paid_amount decimal(18,2), patient_responsibility_amount decimal(18,2),
        allowed_amount decimal(18,2), is_reversal boolean, is_duplicate boolean, is_pretend boolean,
        adjudication_number integer, is_first boolean, latest_rank integer, is_latest boolean, submission_id bigint,
        line_count integer, has_service_lines boolean""",
    "intermediate.int_adjudication_lines": """adjudication_id bigint, claim_key bigint, service_number integer,
        line_number integer, match_method varchar, segment_number integer, procedure_code varchar, modifiers varchar,
        revenue_code varchar, units decimal(18,6), original_procedure_code varchar, original_modifiers varchar,
        original_units decimal(18,6), service_date date, charge_amount decimal(18,2), payer_paid_amount decimal(18,2),
        allowed_amount decimal(18,2), denied_amount decimal(18,2), patient_responsibility_amount decimal(18,2),
        contractual_amount decimal(18,2), remark_codes varchar""",
    "intermediate.int_adjudication_roles": """adjudication_id bigint, claim_key bigint, claim_payer_id varchar,
        file_id varchar, segment_number integer, remittance_key bigint, payer_id varchar, claim_id varchar,
        status_code varchar, payer_role varchar, responsibility varchar, payer_claim_control_number varchar,
        facility_code varchar, drg varchar, remit_date date, charge_amount decimal(18,2),
        payer_paid_amount decimal(18,2), patient_responsibility_amount decimal(18,2), coverage_amount decimal(18,2),
        is_reversal boolean default false, is_duplicate boolean default false, is_pretend boolean default false""",
    "intermediate.int_adjudication_services": """adjudication_id bigint, service_number integer,
        allowed_amount decimal(18,2), computed_allowed_amount decimal(18,2)""",
    "intermediate.int_adjustment_totals": """adjudication_id bigint, service_number integer,
        denied_amount decimal(18,2), patient_responsibility_amount decimal(18,2), contractual_amount decimal(18,2),
        unpaid_allowed_amount decimal(18,2)""",
    "intermediate.int_adjudication_submissions": "adjudication_id bigint, submission_id bigint",
    "intermediate.int_adjustments": """adjudication_id bigint, claim_key bigint, service_number integer,
        adjustment_number integer, segment_number integer, group_code varchar, reason_code varchar,
        amount decimal(18,2), quantity decimal(18,6), adjustment_class varchar, denial_category varchar,
        is_preventable boolean""",
    "intermediate.int_transactions": """transaction_id varchar, claim_key bigint, claim_id varchar, posted_date date,
        transaction_type varchar, amount decimal(18,2), payer_id varchar, responsibility varchar, note varchar,
        file_id varchar, source_line_number integer""",
    "intermediate.int_pricing_claims": """unit_id bigint, claim_key bigint, claim_type varchar, payer_id varchar,
        product_group varchar, plan_name varchar, filing_code varchar, billing_npi varchar, billing_tax_id varchar,
        place_of_service varchar, bill_type varchar, drg varchar, principal_diagnosis varchar, admission_date date,
        discharge_date date, service_from_date date, service_to_date date, charge_amount decimal(18,2)""",
    "intermediate.int_pricing_lines": """unit_id bigint, line_number integer, procedure_code varchar,
        modifier_1 varchar, modifier_2 varchar, modifier_3 varchar, modifier_4 varchar, revenue_code varchar,
        units decimal(18,6), anesthesia_minutes decimal(18,6), service_date date, charge_amount decimal(18,2),
        place_of_service varchar, rendering_npi varchar""",
    "intermediate.int_priced_claims": """unit_id bigint, claim_key bigint, contract_id varchar,
        not_priced_reason varchar, is_claim_priced boolean, claim_term_id varchar, claim_scoped_term_id varchar,
        claim_scoped_method varchar, carve_out_amount decimal(18,2), claim_term_amount decimal(18,2),
        uncapped_amount decimal(18,2), capped_amount decimal(18,2), expected_allowed_amount decimal(18,2)""",
    "intermediate.int_priced_lines": """unit_id bigint, line_number integer, contract_id varchar, term_id varchar,
        method varchar, priced_by varchar, lesser_of varchar, rate_amount decimal(18,6), percent decimal(18,6),
        units decimal(18,6), quantity decimal(18,6), days_before decimal(18,6), modified_amount decimal(38,22),
        modifier_percent decimal(18,6), multiple_procedure_percent decimal(18,6), multiple_procedure_rank integer,
        rounded_amount decimal(18,2), line_amount decimal(18,2), expected_allowed_amount decimal(18,2),
        not_priced_reason varchar, rate_effective_from date, rate_modifier varchar, rate_setting varchar""",
    "intermediate.int_medicare_rates": """schedule_id varchar, locality varchar, procedure_code varchar,
        modifier varchar, setting varchar, status_code varchar, pctc_indicator varchar, global_days varchar,
        multiple_procedure_indicator varchar, bilateral_indicator varchar, assistant_indicator varchar,
        cosurgeon_indicator varchar, team_indicator varchar, endoscopic_base_code varchar,
        imaging_family_indicator varchar, apc varchar, amount decimal(18,2), practice_expense_amount decimal(18,6),
        preoperative_percent decimal(18,6), intraoperative_percent decimal(18,6), postoperative_percent decimal(18,6),
        is_opps_capped boolean, is_na boolean, base_units decimal(18,6), effective_from date, effective_to date""",
    "staging.stg_reference__cms_opps_addendum_b": "rate_year integer, procedure_code varchar, status_indicator varchar",
    "intermediate.int_remittances": "remittance_key bigint, trace_number varchar",
    "marts.fct_credit_balances": "owner_payer_id varchar, credit_amount decimal(18,2), identified_date date",
    "staging.stg_landing__files": "file_id varchar, file_number integer",
    "staging.stg_x12__inpatient_adjudications": """file_number integer, claim_number integer, remark_code_1 varchar,
        remark_code_2 varchar, remark_code_3 varchar, remark_code_4 varchar, remark_code_5 varchar""",
    "staging.stg_x12__outpatient_adjudications": """file_number integer, claim_number integer, remark_code_1 varchar,
        remark_code_2 varchar, remark_code_3 varchar, remark_code_4 varchar, remark_code_5 varchar""",
    "staging.stg_reference__contracts": """contract_id varchar, contract_name varchar, payer_id varchar,
        effective_from date, effective_to date default '9999-12-31', date_basis varchar default 'service_from',
        timely_filing_days integer, appeal_days integer, prompt_pay_days integer,
        annual_interest_percent decimal(18,6), tolerance_amount decimal(18,2), tolerance_percent decimal(18,6),
        lesser_of varchar, sequestration_percent decimal(18,6), modifiers_basis varchar default 'none',
        multiple_procedures_basis varchar default 'none', stop_loss_kind varchar, stop_loss_threshold decimal(18,2),
        stop_loss_percent decimal(18,6), stop_loss_source_line integer, default_method varchar,
        default_percent decimal(18,6), default_amount decimal(18,6), default_schedule_id varchar,
        default_locality varchar, default_source_line integer""",
    "staging.stg_reference__contract_products": "contract_id varchar, product varchar",
    "staging.stg_reference__contract_claim_types": "contract_id varchar, claim_type varchar",
    "staging.stg_reference__contract_providers": "contract_id varchar, id_type varchar, provider_id varchar",
    "staging.stg_reference__contract_modifiers": "contract_id varchar, modifier varchar, percent decimal(18,6)",
    "staging.stg_reference__contract_multiple_procedures": """contract_id varchar, rank_number integer,
        percent decimal(18,6)""",
    "staging.stg_reference__contract_terms": """contract_id varchar, term_number integer, term_id varchar,
        scope varchar default 'line', is_carve_out boolean default false, method varchar, amount decimal(18,6),
        percent decimal(18,6), base_rate decimal(18,6), weight_set varchar, schedule_id varchar, locality varchar,
        minimum_charge decimal(18,2), maximum_charge decimal(18,2), minimum_units decimal(18,6), source_line integer""",
    "staging.stg_reference__contract_term_tiers": """contract_id varchar, term_id varchar, tier_number integer,
        through_day integer, amount decimal(18,6)""",
    "staging.stg_reference__contract_term_matches": """contract_id varchar, term_id varchar, match_key varchar,
        low_value varchar, high_value varchar""",
    "staging.stg_reference__fee_schedule_rates": """schedule_id varchar, procedure_code varchar,
        modifier varchar default '', setting varchar default '', effective_from date default '1900-01-01',
        effective_to date default '9999-12-31', amount decimal(18,6)""",
    "staging.stg_reference__drg_weights": """weight_set varchar, drg varchar, relative_weight decimal(18,6),
        geometric_mean_los decimal(18,6), effective_from date default '1900-01-01',
        effective_to date default '9999-12-31'""",
    "staging.stg_reference__contract_examples": """contract_id varchar, example_number integer, service_from date,
        service_to date, admission date, place_of_service varchar, bill_type varchar, drg varchar, diagnosis varchar""",
    "staging.stg_reference__contract_example_lines": """contract_id varchar, example_number integer,
        line_number integer, procedure_code varchar, modifier_1 varchar, modifier_2 varchar, modifier_3 varchar,
        modifier_4 varchar, revenue_code varchar, units decimal(18,6), charge_amount decimal(18,2), service_date date,
        rendering varchar""",
}


def write_upstream(database: Path, rows: Rows) -> None:
    """Creates every relation of `UPSTREAM`, empty but for `rows` (relation without its schema: rows)."""
    con = duckdb.connect(str(database))
    try:
        for relation, columns in UPSTREAM.items():
            con.execute(f"create schema if not exists {relation.split('.')[0]}")
            con.execute(f"create table {relation} ({columns})")
            for row in rows.get(relation.split(".")[1], ()):
                keys.insert(con, relation, row)
    finally:
        con.close()
