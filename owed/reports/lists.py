"""Work lists as published, in their order of urgency."""

from __future__ import annotations

from pathlib import Path

import duckdb

from owed.reports import spreadsheet
from owed.reports.stamp import Stamp

_SQL = {
    "underpayments": "select * from marts.rpt_underpayment_worklist order by priority_rank",
    "denials": "select * from marts.rpt_denial_worklist order by priority_rank",
    "refunds": "select * from marts.rpt_refund_worklist order by priority_rank",
    "statements": (
        "select * from marts.rpt_patient_worklist where next_action = 'send_statement' and is_due "
        "order by priority_rank"
    ),
    "reminders": "select * from marts.rpt_patient_worklist where is_reminder_due order by priority_rank",
    "agency": "select * from marts.rpt_patient_worklist where is_agency_eligible order by priority_rank",
    "unclaimed-property": (
        "select * from marts.rpt_unclaimed_property order by unclaimed_property_date, credit_amount desc, claim_key"
    ),
    "credit-trend": "select * from marts.rpt_credit_trend order by period_month, owner, cause",
}


def write(con: duckdb.DuckDBPyConnection, name: str, out: Path, stamp: Stamp) -> tuple[list[Path], int]:
    """One list as CSV or XLSX. Returns the files and the number of rows."""
    spreadsheet.check_format(out)
    cursor = con.execute(_SQL[name])
    columns = [column[0] for column in cursor.description or []]
    sheet = spreadsheet.Sheet(name, columns, cursor.fetchall())
    if out.suffix.lower() == ".csv":
        spreadsheet.write_csv(out, sheet)
    else:
        spreadsheet.write_xlsx(out, [sheet], stamp)
    return [out], len(sheet.rows)
