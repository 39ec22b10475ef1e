"""The packet's pages as data for its template: every text ready to be set, nothing left to be reckoned there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import duckdb

from owed.reports.evidence import matter
from owed.reports.evidence.clauses import excerpt, place
from owed.reports.evidence.matter import Matter, Row
from owed.reports.stamp import Stamp
from owed.reports.typeset import exact, money
from owed.words import counted

MOST_CLAIMS = 8
MOST_LINES = 250
_CONTRACTS = """
    select contract_id, contract_name, effective_from, effective_to, source_text
    from marts.dim_contracts where contract_id in (select unnest(?)) order by contract_id
"""


def data(con: duckdb.DuckDBPyConnection, found: Matter, stamp: Stamp) -> dict[str, Any]:
    """What `templates/evidence.typ` sets. A project's largest claims are worked in full, all lines are listed."""
    worked = found.claims[:MOST_CLAIMS]
    lines = [row for row in found.lines if row["claim_key"] in worked]
    steps = matter.steps(con, worked)
    adjustments = matter.adjustments(con, lines)
    return {
        "as_of": stamp.as_of,
        "build": stamp.build,
        "subject": found.subject,
        "headline": _headline(found),
        "doubt": "" if found.is_payer_error else _DOUBT,
        "facts": _facts(found, stamp),
        "lines": [_line(row) for row in found.lines[:MOST_LINES]],
        "left_out": max(0, len(found.lines) - MOST_LINES),
        "total": money(_owed(found.lines)),
        "clauses": _clauses(con, found, steps),
        "claims": [_claim(key, lines, steps, adjustments) for key in worked],
        "unworked": len(found.claims) - len(worked),
    }


_DOUBT = (
    "For our own eyes: these differences look as if our rate were wrong, not the payer's. Check the contract file "
    "before this goes out."
)


def _owed(lines: Iterable[Row]) -> Decimal:
    return sum((row["recoverable_amount"] or Decimal(0) for row in lines), Decimal(0))


def _headline(found: Matter) -> str:
    payer, owed = found.lines[0]["payer_name"], _owed(found.lines)
    if not owed:
        return f"{payer}: no line was paid less than agreed"
    under = [row for row in found.lines if row["recoverable_amount"]]
    claims = len({row["claim_key"] for row in under})
    on = f"{counted(len(under), 'line')} of {counted(claims, 'claim')}"
    return f"{payer} allowed ${money(owed)} less than agreed on {on}"


def _facts(found: Matter, stamp: Stamp) -> list[list[str]]:
    remitted = sorted(row["remit_date"] for row in found.lines if row["remit_date"])
    deadlines = [row["appeal_deadline_date"] for row in found.lines if row["recoverable_amount"]]
    ahead = [day for day in deadlines if day and day >= stamp.as_of]
    over = sum((row["variance_amount"] for row in found.lines if row["variance_class"] == "overpaid"), Decimal(0))
    said = [
        ("Provider (NPI)", ", ".join(dict.fromkeys(row["billing_npi"] for row in found.lines if row["billing_npi"]))),
        ("Why", found.cause or "; ".join(dict.fromkeys(_why(row) for row in found.lines if row["root_cause"]))),
        ("Contract", ", ".join(dict.fromkeys(row["contract_id"] for row in found.lines if row["contract_id"]))),
        ("Answered", " to ".join(dict.fromkeys(map(str, (remitted[0], remitted[-1])))) if remitted else ""),
        ("First appeal due", str(min(ahead)) if ahead else ""),
        ("Allowed above the contract", f"{money(over)}; set against nothing" if over else ""),
    ]
    return [[name, text] for name, text in said if text]


def _why(row: Row) -> str:
    cause = row["root_cause_words"] or _words(row["root_cause"]).capitalize()
    return f"{cause} ({row['root_cause_detail']})" if row["root_cause_detail"] else cause


def _words(code: str | None) -> str:
    return (code or "").replace("_", " ")


def _line(row: Row) -> list[str]:
    return [
        row["claim_id"] or "",
        row["payer_claim_control_number"] or "",
        _where(row["line_number"]),
        _code(row),
        str(row["service_date"] or ""),
        str(row["remit_date"] or ""),
        money(row["expected_allowed_amount"]),
        money(row["allowed_amount"]),
        money(row["variance_amount"]),
    ]


def _where(line_number: int | None) -> str:
    return str(line_number) if line_number else "all"


def _code(row: Row) -> str:
    billed, paid = row["procedure_code"] or "", row["paid_procedure_code"] or ""
    return f"{billed}, paid as {paid}" if paid and billed and paid != billed else billed or paid


def _clauses(con: duckdb.DuckDBPyConnection, found: Matter, steps: Sequence[Row]) -> list[dict[str, Any]]:
    """The clauses that the worked lines rest on, each once, in the words of the contract file."""
    contracts = {row["contract_id"] for row in steps if row["contract_id"]}
    wanted = {(row["claim_key"], number) for row in found.lines for number in (0, row["line_number"])}
    whole = {row["claim_key"] for row in found.lines if row["line_number"] == 0}
    made = []
    for contract in matter.rows(con, _CONTRACTS, [sorted(contracts)]):
        source = contract["source_text"] or ""
        used = {
            place(row["clause"], row["rule"], source): row
            for row in steps
            if row["contract_id"] == contract["contract_id"]
            and (row["claim_key"] in whole or (row["claim_key"], row["line_number"]) in wanted)
        }
        for line in sorted(line for line in used if line is not None):
            clause = used[line]["clause"] or ""
            named = clause if f"line {line}" in clause else f"{_words(used[line]['rule'])}, line {line}"
            if text := excerpt(source, line):
                made.append({"contract": _contract(contract), "clause": named, "text": text})
    return made


def _contract(row: Row) -> str:
    until = f" to {row['effective_to']}" if row["effective_to"] else " on"
    return f"{row['contract_name'] or row['contract_id']}, from {row['effective_from']}{until}"


def _claim(key: str, lines: Sequence[Row], steps: Sequence[Row], adjustments: Sequence[Row]) -> dict[str, Any]:
    own = [row for row in lines if row["claim_key"] == key]
    first = own[0]
    facts = [
        ("Provider (NPI)", first["billing_npi"]),
        ("Payer's number (CLP07)", first["payer_claim_control_number"]),
        ("Payment (TRN02)", first["trace_number"]),
        ("Remitted", first["remit_date"]),
        ("Claim status (CLP02)", first["status_code"]),
        ("Remarks on the claim", first["claim_remark_codes"]),
    ]
    numbers = {row["line_number"] for row in own}
    answered = [row for row in adjustments if row["claim_key"] == key]
    shown = [row for row in answered if 0 in numbers or row["line_number"] in numbers or row["service_number"] is None]
    return {
        "claim_id": first["claim_id"],
        "facts": [[name, str(value)] for name, value in facts if value],
        "steps": _steps([row for row in steps if row["claim_key"] == key], numbers),
        "adjustments": [_adjustment(row) for row in shown],
        "compared": [_compared(row) for row in own],
    }


def _steps(steps: Sequence[Row], numbers: set[int]) -> list[list[str]]:
    """`where, rule, clause, inputs, amount` of the lines that are compared, or of all where the claim is as a whole.

    Lines that a price of the claim has taken in are counted in one row.
    """
    consumed = [row for row in steps if row["rule"] == "consumed"]
    shown = [
        row
        for row in steps
        if row["rule"] != "consumed" and (0 in numbers or row["line_number"] in numbers or row["line_number"] == 0)
    ]
    made = [
        [
            "claim" if row["line_number"] == 0 else str(row["line_number"]),
            _words(row["rule"]),
            row["clause"] or "",
            row["inputs"] or "",
            exact(row["amount_after"]),
        ]
        for row in shown
    ]
    if consumed and 0 in numbers:
        made.append(["claim", "taken in", "", f"{counted(len(consumed), 'line')} in the price of the claim", ""])
    return made


def _adjustment(row: Row) -> list[str]:
    code = "-".join(part for part in (row["group_code"], row["reason_code"]) if part)
    return [
        "claim" if row["service_number"] is None else str(row["line_number"] or "?"),
        code,
        row["remark_codes"] or "",
        row["reason_words"] or "",
        money(row["adjustment_amount"]),
    ]


def _compared(row: Row) -> list[str]:
    result = _words(row["variance_class"])
    if row["not_priced_reason"]:
        result += f", {_words(row['not_priced_reason'])}"
    return [
        _where(row["line_number"]),
        _code(row),
        f"{row['billed_units'].normalize():,f}" if row["billed_units"] else "",
        money(row["charge_amount"]),
        money(row["expected_allowed_amount"]),
        money(row["allowed_amount"]),
        money(row["variance_amount"]),
        ": ".join(part for part in (result, _words(row["root_cause"]), row["root_cause_detail"]) if part),
    ]
