"""Report files: what they hold, what they refuse, and that no cell can run."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest

from owed.errors import WrongUseError
from owed.reports import Options, write
from owed.reports.cms_838 import quarter_end


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_list_keeps_cents_order_and_unknowns(snapshot: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    written = write(snapshot, "refunds", tmp_path / "new" / "refunds.csv")
    rows = _rows(tmp_path / "new" / "refunds.csv")
    assert (written.rows, written.as_of) == (4, "2025-10-31")
    assert [row["refund_amount"] for row in rows] == ["80.00", "20.50", "5.25", "0.00"]
    assert rows[2]["owner_payer_name"] == ""


def test_no_cell_of_a_csv_is_a_formula(snapshot: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(snapshot, "refunds", tmp_path / "refunds.csv")
    assert [row["claim_id"] for row in _rows(tmp_path / "refunds.csv")][1] == "'=cmd|calc"


def test_no_cell_of_a_workbook_is_a_formula(snapshot: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write(snapshot, "refunds", tmp_path / "refunds.xlsx")
    with zipfile.ZipFile(tmp_path / "refunds.xlsx") as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
        about = workbook.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "=cmd|calc" in about and "20251101T010000Z-abc" in about


def test_letters_are_one_a_payer_or_patient(snapshot: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    written = write(snapshot, "refunds", tmp_path / "letters.pdf")
    content = (tmp_path / "letters.pdf").read_bytes()
    # Northfield's two accounts share a letter, the patient has one; what nobody overpaid is in none.
    assert written.rows == 3
    assert content.startswith(b"%PDF-") and content.count(b"/Type /Page\n") + content.count(b"/Type/Page/") == 2


@pytest.mark.parametrize(
    ("quarter", "as_of", "expected"),
    [
        (None, date(2025, 10, 31), date(2025, 9, 30)),
        (None, date(2025, 9, 30), date(2025, 9, 30)),
        (None, date(2025, 1, 1), date(2024, 12, 31)),
        ("2025Q1", date(2025, 10, 31), date(2025, 3, 31)),
        ("2024Q4", date(2025, 10, 31), date(2024, 12, 31)),
    ],
)
def test_quarters_end_where_they_end(quarter: str | None, as_of: date, expected: date) -> None:
    assert quarter_end(quarter, as_of) == expected


def test_cms_838_has_its_detail_and_a_certification_for_each_provider(
    snapshot: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    write(snapshot, "cms-838", tmp_path / "838.csv", Options(quarter="2025Q3"))
    (detail,) = _rows(tmp_path / "838.csv")
    assert detail["5 Admission date"] == "08/01/25"
    # Column 12 is column 9 less column 10: 100.00 - 40.00.
    assert detail["12 Medicare amount outstanding"] == "60.00"
    certification = {row["Provider number (NPI)"]: row for row in _rows(tmp_path / "838-certification.csv")}
    assert set(certification) == {"1999000015", "1999000023"}
    assert certification["1999000015"]["Detail page attached"] == "True"
    assert certification["1999000023"]["No Medicare credit balances to report"] == "True"
    assert certification["1999000015"]["Due"] == "2025-10-30"


@pytest.mark.parametrize(
    ("name", "file", "options"),
    [
        ("no-such-report", "a.csv", Options()),
        ("refunds", "a.docx", Options()),
        ("cms-838", "a.csv", Options(quarter="2025-3")),
        ("cms-838", "a.csv", Options(quarter="2025Q4")),
    ],
)
def test_wrong_use_is_said(
    snapshot: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, file: str, options: Options
) -> None:
    with pytest.raises(WrongUseError):
        write(snapshot, name, tmp_path / file, options)
    assert not (tmp_path / file).exists()
