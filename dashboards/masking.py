"""The snapshot as a viewer may see it: the same tables, with every text that may identify a patient masked.

A text column is shown only if it is listed here as harmless, so that a column nobody thought of is masked. Keys of
claims stay, since they join tables and say nothing by themselves but the week of service; service dates and amounts
stay too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MASK = "•••"
KEY = "claim_key"
NUMBER = "claim_id"
_TEXT = "VARCHAR"
_PLAIN_TYPES = frozenset("VARCHAR BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT DOUBLE FLOAT DATE TIMESTAMP".split())

HARMLESS = frozenset(
    # what the models and the site's own reference files call things
    "kpi_id kpi_name metric_id metric_name period_kind unit method definition category cause coverage source status "
    "status_code outcome owner origin kind layer severity subject check_name message build run_id movement "
    "rule rule_source clause inputs reason reason_words words root_cause root_cause_detail root_cause_words "
    "alternative term_id terms project_id responsibility input_fingerprint missing_feed_reason not_computable_reason "
    "numerator_measure numerator_words denominator_measure denominator_words date_basis window_words exclusions "
    "map_key better_when benchmark_basis benchmark_source benchmark_year required_feed "
    # payers, contracts and what hospitals publish
    "payer_id payer_name payer_class owner_payer_id owner_payer_name secondary_payer_id responsible_payer_id "
    "credit_owner credit_responsibility contract_id contract_ids contract_name contract_method first_contract_id "
    "claim_type claim_types product_group products plan_name filing_code source_text lesser_of default_method "
    "modifiers_basis multiple_procedures_basis stop_loss_kind conflict_type setting code code_type file_algorithm "
    "file_methodology file_payer_name file_plan_name hospital_name not_compared_reason "
    # codes of claims and remittances
    "procedure_code paid_procedure_code modifiers revenue_code drg bill_type place_of_service code_family code_set "
    "family_words group_code reason_code remark_codes denial_category adjustment_class adjustment_code default_action "
    "upstream_stage variance_class not_priced_reason posting_type posting_event payment_method payment_status "
    "interest_unknown_reason transaction_type quarter medicare_part cost_report_status repayment_method value_code "
    "refusal_reason primary_payer_or_explanation file_notes "
    # the provider's own numbers, and keys of payments and files, which are hashes
    "billing_npi provider_npi trace_number first_trace_number remittance_key file_id source_file_id source_id "
    "adjudication_id payer_role "
    # accounts, without whose they are
    "aging_bucket balance_band claim_status plan_status dunning_stage next_action recommended_action propensity_band "
    "agency_block_reason rule_state_code state_code property_type dormancy_status report_due".split()
) | {KEY}


IDENTIFYING = frozenset(
    "claim_id patient_key beneficiary_name medicare_beneficiary_id internal_control_number possible_claim_id "
    "payer_claim_control_number "
    "example_claim_1 example_claim_2 example_claim_3 reference_id transaction_id".split()
)
"""Columns that name a patient or an account: rows that hold one are written to the audit log when they are shown."""


def identifying(columns: Iterable[str]) -> list[str]:
    """Those of a result's columns that identify."""
    return [name for name in columns if name in IDENTIFYING]


def masked_view(table: str, columns: Sequence[tuple[str, str]], source: str) -> str:
    """SQL of the view that stands for a table: `columns` are its names and types, `source` the attached snapshot."""
    names = [name for name, _ in columns]
    shown = ", ".join(_shown(name, kind, KEY in names) for name, kind in columns)
    return f"create view marts.{_quoted(table)} as select {shown} from {source}.marts.{_quoted(table)}"


def _shown(name: str, kind: str, has_key: bool) -> str:
    quoted = _quoted(name)
    if kind != _TEXT or name in HARMLESS:
        return quoted if kind in _PLAIN_TYPES or kind.startswith("DECIMAL") else f"cast(null as {kind}) as {quoted}"
    # A claim keeps a name of its own, so that rows can be told apart; the key's last letters say nothing more.
    text = f"'{MASK} ' || right({KEY}, 8)" if name == NUMBER and has_key else f"'{MASK}'"
    return f"case when {quoted} is not null then {text} end as {quoted}"


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
