"""Tables as files. Each says what it is: as-of date, build and filters stand above the header."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st
import xlsxwriter

from dashboards import formats, labels
from dashboards.filters import period_label
from dashboards.parts.context import Context, current, query_params
from dashboards.rowsets import ROWSETS
from dashboards.snapshot import Query, Reader
from owed.safe_text import safe_text

if TYPE_CHECKING:
    from dashboards.parts.table import Column

CSV_LIMIT = 1_000_000
XLSX_LIMIT = 100_000
_SELECTABLE = frozenset(name for rowset in ROWSETS.values() for name in rowset.by)


def buttons(name: str, title: str, query: Query, columns: Sequence[Column], found: int, order: str) -> None:
    """Two quiet buttons under a table. The file is made when one is pressed, not before."""
    context = current()
    stem = f"owed-{context.reader.snapshot.build}-{name}"
    chosen = conditions(context, query_params())
    ordered = Query(
        f"select {', '.join(_quoted(item.name) for item in columns)} from ({query.sql}) {order}", query.values
    )
    for ending, make, limit in (("csv", as_csv, CSV_LIMIT), ("xlsx", as_xlsx, XLSX_LIMIT)):
        head = about(context, title, chosen, found, limit)
        limited = Query(f"{ordered.sql} limit {limit}", ordered.values)
        st.download_button(
            {"csv": "CSV", "xlsx": "Excel"}[ending],
            data=partial(_made, make, head, columns, context.reader, limited, name, ending),
            file_name=f"{stem}.{ending}",
            key=f"{name}_{ending}",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
            help=f"All {formats.count(min(found, limit))} rows, with as-of date, build and filters in the header",
        )


Maker = Callable[[Sequence[tuple[str, str]], Sequence[Any], Iterable[Sequence[Any]]], bytes]


def _quoted(name: str) -> str:
    return f'"{name}"'


def _made(
    make: Maker,
    head: Sequence[tuple[str, str]],
    columns: Sequence[Column],
    reader: Reader,
    query: Query,
    name: str,
    ending: str,
) -> bytes:
    return make(head, columns, reader.export(query, name, ending))


def conditions(context: Context, query: Mapping[str, Sequence[str]]) -> list[str]:
    """What chooses the rows, in words: the common filters, then what the address narrows the page to besides."""
    filters = context.filters
    named = [
        f"Period: {period_label(filters.period)}",
        f"Payer: {context.payer(filters.payer) if filters.payer else 'all'}",
        f"Class: {formats.words(filters.payer_class) if filters.payer_class else 'all'}",
        f"Facility: {filters.facility or 'all'}",
        f"Responsibility: {formats.words(filters.responsibility) if filters.responsibility else 'all'}",
    ]
    narrowed = [
        f"{labels.label(name.split('.', 1)[1])}{' not' if name.startswith('not.') else ''}: {' or '.join(values)}"
        for name, values in query.items()
        if name.startswith(("f.", "not.", "at.")) and name.split(".", 1)[1] in _SELECTABLE
    ]
    return [*named, *narrowed]


def about(context: Context, title: str, chosen: Sequence[str], found: int, limit: int) -> list[tuple[str, str]]:
    """What stands above the header: title, as-of date, build, filters, and whether rows were cut off."""
    return [
        ("Owed", title),
        ("As of", context.as_of.isoformat()),
        ("Build", context.reader.snapshot.build),
        ("Filters", "; ".join(chosen)),
        ("Rows", f"{found:,}" if found <= limit else f"first {limit:,} of {found:,}"),
    ]


def as_csv(head: Sequence[tuple[str, str]], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 CSV with a byte order mark, since Excel guesses otherwise; the first lines begin with `#`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([f"# {name}: {value}"] for name, value in head)
    writer.writerow([item.name for item in columns])
    for row in rows:
        writer.writerow([safe_text(value) if isinstance(value, str) else value for value in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(head: Sequence[tuple[str, str]], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet. Text is written as text, so nothing in the data can be a formula or a link."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = workbook.add_worksheet("Rows")
    bold = workbook.add_format({"bold": True, "bottom": 1})
    quiet = workbook.add_format({"font_color": "#5b6670"})
    shapes = {
        "money": workbook.add_format({"num_format": "#,##0.00;(#,##0.00)"}),
        "percent": workbook.add_format({"num_format": "0.0"}),
        "count": workbook.add_format({"num_format": "#,##0"}),
        "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for number, (name, value) in enumerate(head):
        sheet.write_string(number, 0, name, quiet)
        sheet.write_string(number, 1, value, quiet)
    top = len(head) + 1
    for number, item in enumerate(columns):
        sheet.write_string(top, number, item.label, bold)
        sheet.set_column(number, number, 14 if item.kind in labels.NUMERIC else 20)
    last = top
    for last, row in enumerate(rows, start=top + 1):
        for number, (value, item) in enumerate(zip(row, columns, strict=True)):
            _write(sheet, last, number, value, shapes.get(item.kind))
    sheet.autofilter(top, 0, max(last, top), len(columns) - 1)
    sheet.freeze_panes(top + 1, 0)
    workbook.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: Any, shape: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, column, value, shape)
    elif isinstance(value, (datetime, date)):
        sheet.write_datetime(row, column, value.replace(tzinfo=None) if isinstance(value, datetime) else value, shape)
    else:
        sheet.write_string(row, column, str(value))
