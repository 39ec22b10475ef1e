"""What a published column is called on a page, and how its values are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboards import formats

NUMERIC = frozenset(
    {"money", "percent", "count", "days", "days_left", "number", "by_unit"}
)  # by_unit: as the row's `unit` says

_LABELS = {
    "claim_id": "Claim",
    "claim_key": "Claim",
    "payer_id": "Payer",
    "owner_payer_id": "Owed to payer",
    "contract_id": "Contract",
    "term_id": "Term",
    "line_number": "Line",
    "procedure_code": "Code billed",
    "paid_procedure_code": "Code paid",
    "charge_amount": "Charged",
    "expected_allowed_amount": "Expected",
    "allowed_amount": "Allowed",
    "expected_payer_amount": "Expected from payer",
    "payer_paid_amount": "Paid by payer",
    "patient_responsibility_amount": "Patient share",
    "denied_amount": "Denied",
    "balance_amount": "Balance",
    "variance_amount": "Variance",
    "variance_class": "Result",
    "recoverable_amount": "Recoverable",
    "appeal_deadline_date": "Appeal by",
    "is_initial": "First answer",
    "is_preventable": "Preventable",
    "is_true_overpayment": "True overpayment",
    "is_agency_eligible": "Agency allowed",
    "agency_block_reason": "Why no agency",
    "refund_due_date": "Refund due",
    "remit_date": "Remitted",
    "service_from_date": "Service",
    "service_date": "Service",
    "age_basis_date": "Aged from",
    "age_days": "Age, days",
    "aging_bucket": "Age band",
    "as_of_date": "As of",
    "posting_type": "Posting",
    "propensity_band": "Likely to pay",
    "expected_recovery_amount": "Expected recovery",
    "not_priced_reason": "Why not priced",
    "kpi_id": "Indicator",
    "priority_rank": "Rank",
    "code_family": "Codes",
    "first_remit_date": "First",
    "last_remit_date": "Last",
    "next_deadline_date": "Next deadline",
    "past_deadline_amount": "Past deadline",
    "line_count": "Lines",
    "claim_count": "Claims",
    "root_cause": "Cause",
    "reference_id": "Reference",
    "responsible_payer_id": "Payer",
    "is_past_prompt_pay": "Past prompt-pay days",
    "is_violation": "Late",
    "timely_filing_days_left": "Days left to file",
    "timely_filing_deadline_date": "File again by",
    "estimated_interest_amount": "Estimated interest",
    "effective_from": "From",
    "effective_to": "To",
    "filing_limit_near_amount": "Filing limit near",
    "filing_limit_past_amount": "Filing limit past",
    "is_in_force": "In force",
    "alternative_amount": "Price",
    "distance_amount": "Off by",
    "is_exact": "To the cent",
    "contract_amount": "By contract",
    "file_amount": "By the file",
    "difference_amount": "Difference",
    "file_payer_name": "Payer in the file",
    "file_plan_name": "Plan",
    "percent_of_medicare": "Of Medicare",
    "payer_claim_control_number": "Payer's number",
    "status_code": "Status (CLP02)",
    "remark_codes": "Remarks",
    "is_latest": "Counts",
    "words": "In our words",
    "sentence": "What was checked",
    "check_name": "Check",
    "failure_count": "Failures",
    "possible_claim_id": "Perhaps claim",
    "possible_claim_count": "Candidates",
    "adjudication_count": "Answers",
    "first_trace_number": "First payment",
    "step_number": "Step",
    "adjustment_amount": "Adjustment",
    "amount_before": "Before",
    "amount_after": "After",
    "modifiers_basis": "Modifiers",
    "multiple_procedures_basis": "Multiple procedures",
    "stop_loss_kind": "Stop-loss",
    "stop_loss_threshold": "Stop-loss threshold",
    "stop_loss_percent": "Stop-loss percent",
    "file_name": "File",
    "state_code": "State",
    "dormancy_status": "Period",
    "credit_since_date": "In credit since",
    "notice_due_date": "Write to the owner by",
    "unclaimed_property_date": "Falls to the state",
    "code": "Code",
    "root_cause_detail": "Why",
}

_WORDS = frozenset(
    "variance_class root_cause claim_status claim_type denial_category outcome owner cause recommended_action"
    " responsibility posting_type payer_class plan_status dunning_stage propensity_band origin status severity"
    " not_priced_reason agency_block_reason method lesser_of code_family payment_status rule_source payer_role rule"
    " default_method date_basis modifiers_basis multiple_procedures_basis stop_loss_kind dormancy_status".split()
)


def label(name: str) -> str:
    """A column's heading: `denial_date` becomes `Denial date`."""
    if name in _LABELS:
        return _LABELS[name]
    text = name.removeprefix("is_").removeprefix("has_").removesuffix("_amount").removesuffix("_date")
    return formats.words(text)


def kind(name: str, data_type: str = "") -> str:
    """How a column's values are written, from its name and DuckDB type."""
    by_ending = {
        "_amount": "money",
        "_percent": "percent",
        "_date": "date",
        "_at": "moment",
        "_month": "month",
        "_count": "count",
        "_days": "count",
        "_rate": "percent",
        "days_left": "days_left",
    }
    if name.endswith("payer_id"):
        return "payer"
    if name == "claim_key":
        return "claim"
    for ending, found in by_ending.items():
        if name.endswith(ending):
            return found
    if name == "amount":
        return "money"
    if name in {"units", "value", "numerator", "denominator"}:
        return "number"
    if name.startswith(("is_", "has_")) or data_type == "BOOLEAN":
        return "flag"
    if name in _WORDS:
        return "words"
    if data_type == "DATE":
        return "date"
    if data_type.startswith("TIMESTAMP"):
        return "moment"
    if data_type in {"INTEGER", "BIGINT", "HUGEINT", "SMALLINT"}:
        return "count"
    return "number" if data_type.startswith(("DECIMAL", "DOUBLE", "FLOAT")) else "text"


def _flag(value: Any) -> str:
    return formats.UNKNOWN if value is None else "Yes" if value else "No"


def _days_left(value: Any) -> str:
    """Days to a due date: `12`, `263 overdue`."""
    if value is None:
        return "–"
    return formats.count(value) if value >= 0 else f"{formats.count(-value)} overdue"


def _number(value: Any) -> str:
    """Up to two decimals, and none where there is nothing behind the point."""
    return "–" if value is None else f"{value:,.2f}".removesuffix(".00")


def _text(value: Any) -> str:
    return "–" if value is None or value == "" else str(value)


WRITERS: dict[str, Callable[[Any], str]] = {
    "money": formats.money,
    "percent": formats.percent,
    "count": formats.count,
    "days": formats.days,
    "days_left": _days_left,
    "number": _number,
    "date": lambda value: "–" if value is None else formats.day(value),
    "moment": lambda value: "–" if value is None else formats.moment(value),
    "month": lambda value: "–" if value is None else formats.month(value),
    "flag": _flag,
    "words": lambda value: "–" if value is None or value == "" else formats.words(value),
    "text": _text,
    "payer": _text,
    "claim": _text,
}


def plain(value: Any) -> str:
    """A value as an address holds it, which is how SQL writes it as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def written(value: Any, how: str) -> str:
    """A value as text, by a kind from `kind`."""
    return WRITERS[how](value)
