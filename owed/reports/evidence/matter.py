"""What an evidence packet is about: its compared lines, and the published rows that speak to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from owed.errors import WrongUseError
from owed.reports.spreadsheet import Sheet

Row = dict[str, Any]

_LINES = """
    select
        variances.claim_key, variances.claim_id, answers.payer_claim_control_number, variances.line_number,
        variances.payer_id, coalesce(payers.payer_name, variances.payer_id) as payer_name, variances.contract_id,
        variances.term_id, variances.procedure_code, variances.paid_procedure_code, variances.service_date,
        variances.remit_date, remittances.trace_number, billed.units as billed_units,
        variances.charge_amount, variances.expected_allowed_amount, variances.allowed_amount, variances.variance_amount,
        variances.recoverable_amount, variances.variance_class, variances.not_priced_reason, variances.root_cause,
        causes.root_cause_words, variances.root_cause_detail, variances.appeal_deadline_date, claims.billing_npi,
        answers.adjudication_id, answers.status_code, answers.remark_codes as claim_remark_codes
    from marts.fct_payment_variances as variances
    left join marts.fct_claims as claims on variances.claim_key = claims.claim_key
    left join marts.fct_claim_lines as billed
        on variances.claim_key = billed.claim_key and variances.line_number = billed.line_number
    left join marts.fct_adjudications as answers on variances.claim_key = answers.claim_key and answers.is_latest
    left join marts.fct_remittances as remittances on answers.remittance_key = remittances.remittance_key
    left join marts.dim_payers as payers on variances.payer_id = payers.payer_id
    left join (
        select root_cause, min(root_cause_words) as root_cause_words from marts.rpt_underpayment_projects
        group by root_cause
    ) as causes on variances.root_cause = causes.root_cause
"""
_OF_PROJECT = f"""
    {_LINES}
    inner join marts.rpt_underpayment_worklist as worklist
        on variances.claim_key = worklist.claim_key and variances.line_number = worklist.line_number
    where worklist.project_id = ?
    order by variances.recoverable_amount desc, variances.claim_id, variances.claim_key, variances.line_number
"""
_OF_CLAIM = f"{_LINES} where ? in (variances.claim_id, variances.claim_key) order by variances.claim_key, line_number"
_STEPS = """
    select claim_key, line_number, step_number, contract_id, rule, clause, inputs, amount_before, amount_after
    from marts.fct_pricing_steps where claim_key in (select unnest(?)) order by claim_key, line_number, step_number
"""
_ADJUSTMENTS = """
    select adjustments.claim_key, adjustments.line_number, adjustments.service_number, adjustments.group_code,
        adjustments.reason_code, adjustments.remark_codes, reasons.words as reason_words,
        adjustments.adjustment_amount
    from marts.fct_adjustments as adjustments
    left join marts.dim_adjustment_reasons as reasons on adjustments.reason_code = reasons.reason_code
    where adjustments.adjudication_id in (select unnest(?))
    order by adjustments.claim_key, adjustments.service_number nulls first, adjustments.adjustment_number
"""


@dataclass(frozen=True)
class Matter:
    """The lines of one claim or one project, the largest claims of a project first. `cause` is a project's alone."""

    subject: str
    lines: Sequence[Row]
    is_project: bool
    cause: str | None = None
    is_payer_error: bool = True

    @property
    def claims(self) -> list[str]:
        """Keys of the claims in the lines' order."""
        return list(dict.fromkeys(row["claim_key"] for row in self.lines))


def of_project(con: duckdb.DuckDBPyConnection, project_id: str) -> Matter:
    """Every line of a project of `rpt_underpayment_projects`."""
    lines = rows(con, _OF_PROJECT, [project_id])
    if not lines:
        raise WrongUseError(f"No project {project_id}: `select project_id from marts.rpt_underpayment_projects`.")
    about = rows(
        con,
        "select root_cause_words, is_payer_error from marts.rpt_underpayment_projects where project_id = ?",
        [project_id],
    )[0]
    return Matter(project_id, lines, True, about["root_cause_words"], bool(about["is_payer_error"]))


def of_claim(con: duckdb.DuckDBPyConnection, claim: str) -> Matter:
    """Every compared line of the claims that bear a control number, or of the one with that key."""
    lines = rows(con, _OF_CLAIM, [claim])
    if not lines:
        raise WrongUseError("No answered claim of that number or key is published, so there is nothing to compare.")
    is_payer_error = all(row["root_cause"] != "contract_load_suspect" for row in lines)
    return Matter(f"claim {lines[0]['claim_id']}", lines, False, None, is_payer_error)


def steps(con: duckdb.DuckDBPyConnection, claims: Sequence[str]) -> list[Row]:
    """The pricing steps of the claims, in order."""
    return rows(con, _STEPS, [list(claims)])


def adjustments(con: duckdb.DuckDBPyConnection, lines: Sequence[Row]) -> list[Row]:
    """The adjustments of the answers that the lines compare, in the payer's codes and in our words."""
    answers = {row["adjudication_id"] for row in lines if row["adjudication_id"]}
    return rows(con, _ADJUSTMENTS, [sorted(answers)])


def sheets(con: duckdb.DuckDBPyConnection, found: Matter) -> list[Sheet]:
    """The packet as tables: its lines, their pricing steps, the payer's adjustments; keys are left out."""
    numbers = {row["claim_key"]: row["claim_id"] for row in found.lines}
    parts = (
        ("Lines", list(found.lines), tuple(_HIDDEN)),
        ("Pricing steps", steps(con, found.claims), tuple(_HIDDEN)),
        ("Payer adjustments", adjustments(con, found.lines), (*_HIDDEN, "service_number")),
    )
    return [
        _sheet(title, [{"claim_id": numbers[row["claim_key"]], **row} for row in found_rows], hidden)
        for title, found_rows, hidden in parts
        if found_rows
    ]


_HIDDEN = ("claim_key", "adjudication_id")


def _sheet(title: str, found: Sequence[Row], hidden: Sequence[str]) -> Sheet:
    columns = [name for name in found[0] if name not in hidden]
    return Sheet(title, columns, [[row[name] for name in columns] for row in found])


def rows(con: duckdb.DuckDBPyConnection, sql: str, values: list[Any]) -> list[Row]:
    """The result of a query, column name to value."""
    cursor = con.execute(sql, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
