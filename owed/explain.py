"""`owed explain`: a claim's expected price from clause to cent, and what the payer did, out of the snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from owed.errors import WrongUseError

Row = dict[str, Any]

CLAIM_COLUMNS = (
    *("claim_key", "claim_id", "payer_id", "contract_id", "claim_type", "claim_status", "origin", "service_from_date"),
    *("charge_amount", "expected_allowed_amount", "allowed_amount", "expected_payer_amount", "payer_paid_amount"),
    *("patient_responsibility_amount", "contractual_amount", "denied_amount", "not_priced_reason"),
)
LINE_COLUMNS = (
    *("line_number", "procedure_code", "modifiers", "revenue_code", "units", "service_date", "charge_amount"),
    *("expected_allowed_amount", "allowed_amount", "payer_paid_amount", "patient_responsibility_amount"),
    *("contractual_amount", "denied_amount", "not_priced_reason"),
)
VARIANCE_COLUMNS = (
    *("line_number", "term_id", "remit_date", "paid_procedure_code", "expected_allowed_amount", "allowed_amount"),
    *("variance_amount", "variance_class", "not_priced_reason", "root_cause", "root_cause_detail"),
    *("recoverable_amount", "appeal_deadline_date"),
)
STEP_COLUMNS = ("line_number", "step_number", "rule", "clause", "inputs", "amount_before", "amount_after")
DENIAL_COLUMNS = ("line_number", "denial_date", "group_code", "reason_code", "remark_codes", "denied_amount", "outcome")
# Totals of a claim stand behind its lines' steps.
FIRST_TOTAL_STEP = 7


@dataclass(frozen=True)
class Explanation:
    """One claim lineage: its row, lines, pricing steps, comparison with the payer's answer, and denials."""

    claim: Row
    lines: list[Row]
    steps: list[Row]
    variances: list[Row]
    denials: list[Row]

    def as_dict(self) -> dict[str, Any]:
        return {
            "claim": self.claim,
            "lines": self.lines,
            "steps": self.steps,
            "variances": self.variances,
            "denials": self.denials,
        }

    def __str__(self) -> str:
        claim = self.claim
        of_claim = [step for step in self.steps if step["line_number"] == 0]
        told = [_claim(claim)]
        told += [_step(step) for step in of_claim if step["step_number"] < FIRST_TOTAL_STEP]
        told += [text for line in self.lines for text in self._line(line)]
        told += [_step(step) for step in of_claim if step["step_number"] >= FIRST_TOTAL_STEP]
        told.append(f"Claim: {_compared(claim)}")
        return "\n".join(told + self._answers(0))

    def _line(self, line: Row) -> list[str]:
        number = line["line_number"]
        steps = [step for step in self.steps if step["line_number"] == number]
        is_consumed = any(step["rule"] == "consumed" for step in steps)
        compared = _compared(line, "in the claim's price" if is_consumed else "unknown")
        return [_billed(line), *map(_step, steps), f"  {compared}", *self._answers(number)]

    def _answers(self, line_number: int) -> list[str]:
        variances = [_variance(row) for row in self.variances if row["line_number"] == line_number]
        denials = [_denial(row) for row in self.denials if row["line_number"] == line_number]
        return [f"  {text}" for text in variances + denials]


@dataclass(frozen=True)
class Explained:
    """Every lineage that bears the patient control number."""

    claims: list[Explanation]

    def as_dict(self) -> dict[str, Any]:
        return {"claims": [claim.as_dict() for claim in self.claims]}

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.claims))


def explain(connection: duckdb.DuckDBPyConnection, claim_id: str, line: int | None = None) -> Explained:
    """What the snapshot knows of a claim, or of one line of it. `claim_id` as billed (CLM01), or its `claim_key`.

    Raises `WrongUseError` if no such claim or line is published.
    """
    claims = _rows(connection, "fct_claims", CLAIM_COLUMNS, "? in (claim_id, claim_key)", [claim_id], "claim_key")
    if not claims:
        raise WrongUseError(f"No claim {claim_id} is published.")
    explained = [_explain(connection, claim, line) for claim in claims]
    if line is not None and not any(found.lines for found in explained):
        raise WrongUseError(f"Claim {claim_id} has no line {line}.")
    return Explained([found for found in explained if line is None or found.lines])


def _explain(connection: duckdb.DuckDBPyConnection, claim: Row, line: int | None) -> Explanation:
    key = claim["claim_key"]
    # Whatever priced the claim as a whole belongs to the story of each of its lines.
    chosen, values = (
        ("claim_key = ?", [key]) if line is None else ("claim_key = ? and line_number in (0, ?)", [key, line])
    )
    order = "line_number"
    lines = _rows(connection, "fct_claim_lines", LINE_COLUMNS, chosen, values, order)
    return Explanation(
        claim,
        lines,
        _rows(connection, "fct_pricing_steps", STEP_COLUMNS, chosen, values, f"{order}, step_number"),
        _rows(connection, "fct_payment_variances", VARIANCE_COLUMNS, chosen, values, order),
        _rows(connection, "fct_denials", DENIAL_COLUMNS, chosen, values, f"{order}, denial_date"),
    )


def _rows(
    connection: duckdb.DuckDBPyConnection, mart: str, columns: Sequence[str], where: str, values: list[Any], order: str
) -> list[Row]:
    there = {row[0] for row in connection.execute(f"describe marts.{mart}").fetchall()}
    chosen = [column for column in columns if column in there]
    found = connection.execute(f"select {', '.join(chosen)} from marts.{mart} where {where} order by {order}", values)
    return [dict.fromkeys(columns) | dict(zip(chosen, row, strict=True)) for row in found.fetchall()]


def _claim(claim: Row) -> str:
    who = f"{claim['payer_id'] or 'no payer'}, {claim['claim_type'] or 'type unknown'}"
    charges = _money(claim["charge_amount"])
    return f"Claim {claim['claim_id']}, {who}, service from {claim['service_from_date']}, charges {charges}"


def _billed(line: Row) -> str:
    code = line["procedure_code"] or f"revenue {line['revenue_code']}"
    modifiers = f"-{line['modifiers']}" if line["modifiers"] else ""
    times = f"{_number(line['units'])} × on {line['service_date']}"
    return f"Line {line['line_number']}: {code}{modifiers}, {times}, charge {_money(line['charge_amount'])}"


def _step(step: Row) -> str:
    amounts = [step["amount_before"], step["amount_after"]]
    shown = " -> ".join(_number(amount) for amount in amounts if amount is not None)
    parts = (step["rule"].replace("_", " "), step["clause"], step["inputs"])
    return f"    {'; '.join(str(part) for part in parts if part)}{f' = {shown}' if shown else ''}"


def _compared(row: Row, unpriced: str = "unknown") -> str:
    reason = f" ({row['not_priced_reason']})" if row["not_priced_reason"] else ""
    expected = row["expected_allowed_amount"]
    return (
        f"expected {unpriced if expected is None else _money(expected)}{reason}, "
        f"allowed {_money(row['allowed_amount'])}, paid {_money(row['payer_paid_amount'])}, "
        f"patient {_money(row['patient_responsibility_amount'])}, "
        f"contractual {_money(row['contractual_amount'])}, denied {_money(row['denied_amount'])}"
    )


def _variance(row: Row) -> str:
    class_words = str(row["variance_class"]).replace("_", " ")
    parts = [
        f"{class_words} {_money(row['variance_amount'])}, remitted {row['remit_date']}",
        str(row["root_cause"]).replace("_", " ") if row["root_cause"] else None,
        row["root_cause_detail"],
        f"appeal by {row['appeal_deadline_date']}" if row["appeal_deadline_date"] else None,
    ]
    return "; ".join(part for part in parts if part)


def _denial(row: Row) -> str:
    codes = " ".join(filter(None, [f"{row['group_code']}-{row['reason_code']}", row["remark_codes"]]))
    return f"denied {_money(row['denied_amount'])} on {row['denial_date']}: {codes}, {row['outcome']}"


def _money(amount: Decimal | None) -> str:
    return "unknown" if amount is None else f"{amount:,.2f}"


def _number(amount: Decimal | None) -> str:
    """Cents at least; further decimals as far as there are any."""
    if amount is None:
        return "unknown"
    text = f"{amount:,.6f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    return whole if not decimals else f"{whole}.{decimals:0<2}"
