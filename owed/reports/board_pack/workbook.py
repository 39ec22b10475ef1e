"""The pack as a workbook: a real table a sheet, native charts, and no formula."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import xlsxwriter

SHEETS = {
    "kpis": "KPIs",
    "variances": "Payment variance",
    "denials": "Denials",
    "aging": "AR aging",
    "rollforward": "Roll-forward",
    "credits": "Credit balances",
    "patients": "Patient balances",
    "trend": "Trend",
    "changes": "Changed since frozen",
}


def write(out: Path, data: dict[str, Any]) -> None:
    """Write the workbook; figures come as JSON text and become exact numbers in the cells."""
    workbook = xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": f"Board pack, {data['month']}"})
    money = workbook.add_format({"num_format": "#,##0.00;(#,##0.00)"})
    title = workbook.add_format({"bold": True, "font_size": 16})
    cover = workbook.add_worksheet("Summary")
    cover.write_string(0, 0, f"Board pack, {data['month']}", title)
    for row, (name, value) in enumerate((("As of", data["as_of"]), ("Build", data["build"])), start=1):
        cover.write_string(row, 0, name)
        cover.write_string(row, 1, str(value))
    by_id = {row["kpi_id"]: row for row in data["kpis"]}
    for number, kpi_id in enumerate(data["headlines"], start=4):
        row = by_id[kpi_id]
        cover.write_string(number, 0, row["kpi_name"])
        _cell(cover, number, 1, row["value"], money)
        cover.write_string(number, 2, row["unit"])
    cover.autofit()
    for key, name in SHEETS.items():
        rows = data[key]
        if not rows:
            continue
        sheet = workbook.add_worksheet(name)
        columns = list(rows[0])
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row.values()):
                _cell(sheet, number, column, value, money)
        sheet.add_table(
            0,
            0,
            len(rows),
            len(columns) - 1,
            {
                "name": f"pack_{key}",
                "style": "Table Style Light 1",
                "columns": [{"header": column.replace("_", " ")} for column in columns],
            },
        )
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    _chart(workbook, cover, data)
    workbook.close()


def _cell(sheet: Any, row: int, column: int, value: Any, money: Any) -> None:
    if value is None:
        return
    if isinstance(value, (bool, int)):
        sheet.write(row, column, value)
        return
    text = str(value)
    try:
        number = Decimal(text) if "." in text else None
    except InvalidOperation:
        number = None
    if number is None:
        sheet.write_string(row, column, text)
    else:
        sheet.write_number(row, column, number, money)


def _chart(workbook: Any, cover: Any, data: dict[str, Any]) -> None:
    """Underpayments by month, as a native chart over the trend sheet."""
    at = [number for number, row in enumerate(data["trend"], start=1) if row["kpi_id"] == "underpayment_amount"]
    if not at:
        return
    chart = workbook.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "Underpaid by month of remittance",
            "categories": ["Trend", at[0], 1, at[-1], 1],
            "values": ["Trend", at[0], 2, at[-1], 2],
            "fill": {"color": "#a63d1f"},
        }
    )
    chart.set_title({"name": "How much did payers underpay, month by month?", "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    cover.insert_chart(4, 4, chart, {"description": "Column chart of underpaid amounts by month of remittance"})
