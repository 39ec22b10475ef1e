"""The Medicare credit balance report (CMS-838): the certification, always, and a detail page a provider and part.

The form's columns and codes are those of OMB 0938-0600. Due within 30 days of the quarter's end. What the warehouse
cannot know (cost report status, value code) is left blank for the preparer; nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from owed.errors import WrongUseError
from owed.reports import spreadsheet
from owed.reports.stamp import Stamp

DETAIL = (
    ("provider_npi", "Provider number (NPI)"),
    ("medicare_part", "Part"),
    ("beneficiary_name", "1 Beneficiary name"),
    ("medicare_beneficiary_id", "2 Medicare beneficiary identifier"),
    ("internal_control_number", "3 ICN"),
    ("bill_type", "4 Type of bill"),
    ("admission_date", "5 Admission date"),
    ("discharge_date", "6 Discharge date"),
    ("paid_date", "7 Paid date"),
    ("cost_report_status", "8 Cost report (O open, C closed)"),
    ("credit_amount", "9 Amount of Medicare credit balance"),
    ("repaid_amount", "10 Amount repaid with this report"),
    ("repayment_method", "11 Method of payment (C check, A adjustment enclosed, X adjustment submitted)"),
    ("outstanding_amount", "12 Medicare amount outstanding"),
    ("reason_code", "13 Reason (1 duplicate, 2 other primary payer, 3 other)"),
    ("value_code", "14 Value code"),
    ("primary_payer_or_explanation", "15 Primary payer or explanation"),
)
_DATES = {"admission_date", "discharge_date", "paid_date"}


def quarter_end(quarter: str | None, as_of: date) -> date:
    """The last day of `quarter` (2025Q3), or of the newest quarter that has ended on the as-of date."""
    if quarter is None:
        first_of_quarter = date(as_of.year, 3 * ((as_of.month - 1) // 3) + 1, 1)
        following = (first_of_quarter + timedelta(days=92)).replace(day=1)
        return as_of if as_of == following - timedelta(days=1) else first_of_quarter - timedelta(days=1)
    match = re.fullmatch(r"(\d{4})Q([1-4])", quarter)
    if match is None:
        raise WrongUseError(f"{quarter} is no quarter: write it as 2025Q3.")
    year, number = int(match[1]), int(match[2])
    return date(year + number // 4, 3 * number % 12 + 1, 1) - timedelta(days=1)


def write(con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp, quarter: str | None) -> tuple[list[Path], int]:
    """The form for one quarter. XLSX: a sheet each; CSV: the detail, and the certification in a file beside it."""
    spreadsheet.check_format(out)
    end = quarter_end(quarter, stamp.as_of)
    if end > stamp.as_of:
        raise WrongUseError(f"The quarter ends {end}, after the as-of date {stamp.as_of}: it is not closed yet.")
    names = ", ".join(name for name, _ in DETAIL)
    rows = con.execute(
        f"select {names} from marts.rpt_cms_838 where quarter_end_date = ? "
        "order by provider_npi, medicare_part, beneficiary_name, internal_control_number, claim_key",
        [end],
    ).fetchall()
    detail = spreadsheet.Sheet("Detail", [title for _, title in DETAIL], [_form_row(row) for row in rows])
    certification = _certification(con, end, rows)
    if out.suffix.lower() == ".xlsx":
        spreadsheet.write_xlsx(out, [certification, detail], stamp)
        return [out], len(rows)
    beside = out.with_name(f"{out.stem}-certification{out.suffix}")
    spreadsheet.write_csv(out, detail)
    spreadsheet.write_csv(beside, certification)
    return [out, beside], len(rows)


def _form_row(row: tuple[Any, ...]) -> list[Any]:
    """Dates as the form wants them (MM/DD/YY)."""
    return [
        value.strftime("%m/%d/%y") if name in _DATES and value is not None else value
        for (name, _), value in zip(DETAIL, row, strict=True)
    ]


def _certification(con: duckdb.DuckDBPyConnection, end: date, rows: list[tuple[Any, ...]]) -> spreadsheet.Sheet:
    """One line a provider that bills Medicare: what is attached, for an officer to sign."""
    providers = [
        npi
        for (npi,) in con.execute(
            "select distinct billing_npi from marts.fct_claims where payer_class = 'medicare' and origin = 'claim' "
            "and billing_npi is not null and first_submitted_date <= ? order by 1",
            [end],
        ).fetchall()
    ]
    columns = [
        "Provider number (NPI)",
        "Quarter ended",
        "Due",
        "Qualified as a low utilization provider",
        "Detail page attached",
        "No Medicare credit balances to report",
        "Lines",
        "Amount of Medicare credit balances",
        "Amount outstanding",
    ]
    names = [name for name, _ in DETAIL]
    lines = []
    for npi in providers:
        own = [dict(zip(names, row, strict=True)) for row in rows if row[0] == npi]
        lines.append(
            [
                npi,
                end,
                end + timedelta(days=30),
                None,
                bool(own),
                not own,
                len(own),
                sum((row["credit_amount"] for row in own), start=0),
                sum((row["outstanding_amount"] for row in own), start=0),
            ]
        )
    return spreadsheet.Sheet("Certification", columns, lines)
