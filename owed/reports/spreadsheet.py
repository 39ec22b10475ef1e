"""Rows as CSV or XLSX that a spreadsheet cannot mistake for a program."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from owed.errors import WrongUseError
from owed.reports.stamp import Stamp
from owed.safe_text import safe_text

FORMATS = (".csv", ".xlsx")


@dataclass(frozen=True)
class Sheet:
    """One table. `title` names its sheet; values keep their types until they are written."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def check_format(out: Path, allowed: Iterable[str] = FORMATS) -> None:
    """Raises `WrongUseError` if the file's ending is of no format the report has."""
    if out.suffix.lower() not in allowed:
        raise WrongUseError(f"{out.name}: the ending must be one of {', '.join(allowed)}.")


def write_csv(out: Path, sheet: Sheet) -> None:
    """UTF-8, a header row, amounts with their cents, dates as ISO, nothing for what is not known."""
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(sheet.columns)
        for row in sheet.rows:
            writer.writerow([safe_text(value) if isinstance(value, str) else value for value in row])


def write_xlsx(out: Path, sheets: Sequence[Sheet], stamp: Stamp, about: Sequence[tuple[str, str]] = ()) -> None:
    """A workbook with one real table a sheet and a last sheet that says what it is. No cell holds a formula."""
    workbook = xlsxwriter.Workbook(
        str(out),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": False},
    )
    formats = {
        Decimal: workbook.add_format({"num_format": "#,##0.00;(#,##0.00)"}),
        date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for number, sheet in enumerate(sheets, start=1):
        page = workbook.add_worksheet(sheet.title[:31])
        for row_number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                _write(page, row_number, column, value, formats)
        last = max(len(sheet.rows), 1)
        page.add_table(
            0,
            0,
            last,
            len(sheet.columns) - 1,
            {
                "name": f"table_{number}",
                "style": "Table Style Light 1",
                "columns": [{"header": c} for c in sheet.columns],
            },
        )
        page.freeze_panes(1, 0)
        page.autofit()
    page = workbook.add_worksheet("About")
    notes = [("As of", stamp.as_of.isoformat()), ("Build", stamp.build), *about]
    for row_number, (name, value) in enumerate(notes):
        page.write_string(row_number, 0, name)
        page.write_string(row_number, 1, value)
    page.autofit()
    workbook.close()


def _write(page: Any, row: int, column: int, value: Any, formats: dict[type, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, Decimal):
        page.write_number(row, column, value, formats[Decimal])
    elif isinstance(value, int):
        page.write_number(row, column, value)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), formats[datetime])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats[date])
    else:
        page.write_string(row, column, str(value))
