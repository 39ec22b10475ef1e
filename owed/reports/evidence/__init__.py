"""The evidence packet: what a reviewer sends to a payer about one claim, or about all lines of one project.

The PDF gives the contract's clause, the price step by step, the payer's answer in its own codes, and the difference;
the workbook lists every line, step and adjustment of it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from owed.errors import WrongUseError
from owed.reports import spreadsheet
from owed.reports.evidence import matter, pages
from owed.reports.stamp import Stamp
from owed.reports.typeset import write_pdf


def write(
    con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp, project: str | None, claim: str | None
) -> tuple[list[Path], int]:
    """The packet of `project` (a `project_id`) or `claim` (its control number or `claim_key`) as PDF or XLSX.

    Returns the file and the number of lines in it. Raises `WrongUseError` unless exactly one is named and has lines.
    """
    spreadsheet.check_format(out, (".pdf", ".xlsx"))
    if (project is None) == (claim is None):
        raise WrongUseError("The evidence packet is of one project (--project) or of one claim (--claim).")
    found = matter.of_project(con, project) if project is not None else matter.of_claim(con, claim or "")
    if out.suffix.lower() == ".pdf":
        write_pdf("evidence", pages.data(con, found, stamp), out)
    else:
        spreadsheet.write_xlsx(out, matter.sheets(con, found), stamp, [("Subject", found.subject)])
    return [out], len(found.lines)
