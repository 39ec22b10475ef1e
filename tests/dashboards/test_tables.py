"""Tables that sort and page in SQL, and their exports."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from dashboard_home.pages import OpenPage, text_of
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.home import Snapshot
from dashboards.parts import fetch
from dashboards.parts.export import as_csv, as_xlsx, safe_text
from dashboards.parts.fetch import View
from dashboards.parts.table import Column
from dashboards.snapshot import Query, Reader

COLUMNS = (Column("claim_id", "Claim", "text"), Column("amount", "Amount", "money"), Column("day", "Day", "date"))
HEAD = (("Owed", "Denials"), ("As of", "2025-09-30"), ("Build", "b1"), ("Filters", "Period: Sep 2025"))
ROWS = (
    ("=HYPERLINK(1)", Decimal("-12.30"), date(2025, 9, 3)),
    ("+1", Decimal("1234567.89"), None),
    ("plain, with comma", None, date(2025, 9, 4)),
)


def cells(shown: str, table: str) -> list[str]:
    """The first column of one table."""
    body = re.search(rf'aria-label="{re.escape(table)}".*?<tbody>(.*?)</tbody>', shown, re.DOTALL)
    assert body
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<tr><td[^>]*>(.*?)</td>", body[1])]


def test_pages_of_a_table_hold_each_row_once(open_page: OpenPage, fictional_home: Path) -> None:
    query: dict[str, str | list[str]] = {"set": "credits"}
    seen: list[str] = []
    for page in ("1", "2", "3"):
        shown = text_of(open_page(fictional_home, "rows", **query, **{"credits.page": page}))
        seen += cells(shown, "Credit balances")
    assert len(seen) == len(set(seen)) == 73
    assert "51 to 73 of 73 rows" in shown


def test_a_table_sorts_all_rows_not_only_those_shown(open_page: OpenPage, fictional_home: Path) -> None:
    query: dict[str, str | list[str]] = {"set": "claims", "period": "all"}
    first = cells(text_of(open_page(fictional_home, "rows", **query, **{"claims.sort": "claim_id"})), "Claims")
    last = cells(text_of(open_page(fictional_home, "rows", **query, **{"claims.sort": "-claim_id"})), "Claims")
    assert first[:2] == ["DEMO000000", "DEMO000001"]
    assert last[:2] == ["DEMO001999", "DEMO001998"]


@pytest.mark.parametrize("page", ["0", "-3", "999999", "two", "1; drop table x", "99999999999999999999"])
@pytest.mark.parametrize("sort", ["nothing", "claim_id desc; drop table x", '"', "-"])
def test_an_address_cannot_break_a_table(open_page: OpenPage, fictional_home: Path, page: str, sort: str) -> None:
    app = open_page(fictional_home, "rows", **{"set": "credits", "credits.page": page, "credits.sort": sort})
    assert not app.exception
    assert len(cells(text_of(app), "Credit balances")) in {23, 25}


def test_a_csv_says_what_it_is_and_holds_no_formula() -> None:
    text = as_csv(HEAD, COLUMNS, ROWS).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text)))
    assert read[:4] == [["# Owed: Denials"], ["# As of: 2025-09-30"], ["# Build: b1"], ["# Filters: Period: Sep 2025"]]
    assert read[4] == ["claim_id", "amount", "day"]
    assert read[5] == ["'=HYPERLINK(1)", "-12.30", "2025-09-03"]
    assert read[6] == ["'+1", "1234567.89", ""]
    assert read[7] == ["plain, with comma", "", "2025-09-04"]


def test_a_workbook_holds_text_as_text_and_no_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(HEAD, COLUMNS, ROWS))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<t>=HYPERLINK(1)</t>" in strings
    assert "2025-09-30" in strings and "b1" in strings
    assert "<v>1234567.89</v>" in sheet and "<v>-12.30</v>" in sheet
    assert "hyperlink" not in sheet.lower().replace("=hyperlink(1)", "")


@given(st.text(max_size=30))
def test_no_text_of_an_export_begins_as_a_formula_does(text: str) -> None:
    made = safe_text(text)
    assert not made.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert made.removeprefix("'") == text.removeprefix("'")


rows_of_values = st.lists(
    st.fixed_dictionaries({
        "name": st.none() | st.text(alphabet="abcXYZ ", max_size=3),
        "amount": st.none() | st.decimals(-999, 999, places=2),
        "place": st.integers(0, 3),
    }),
    max_size=12,
)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(rows_of_values, st.sampled_from(["name", "-name", "amount", "-amount", "place"]), st.integers(1, 4))
def test_a_summary_is_sorted_and_paged_as_sql_would(rows: list[dict[str, Any]], order: str, page: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "owed-x.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                "create schema marts; create table marts.made (name varchar, amount decimal(18, 2), place integer)"
            )
            for row in rows:
                connection.execute(
                    "insert into marts.made values (?, ?, ?)", [row["name"], row["amount"], row["place"]]
                )
        reader = Reader(Snapshot(path, folder))
        query, view = Query("select name, amount, place from marts.made"), View(order, page, 5)
        keys = ("name", "amount", "place")
        whole = fetch.summary(reader, query, ["amount"], keys, view)
        paged = fetch.paged(reader, query, ["amount"], keys, view)
    assert list(whole.rows) == list(paged.rows)
    assert (whole.found, whole.view, whole.known) == (paged.found, paged.view, paged.known)
    assert whole.totals["amount"] == paged.totals["amount"]


def test_a_sum_of_what_is_partly_known_says_so(open_page: OpenPage, fictional_home: Path) -> None:
    # Harbor Workers Compensation has no contract: none of its lines has an expected amount.
    query: dict[str, str | list[str]] = {"set": "variances", "period": "all"}
    whole = text_of(open_page(fictional_home, "rows", **query))
    priced = text_of(open_page(fictional_home, "rows", **query, payer="NORTHFIELD"))
    unpriced = text_of(open_page(fictional_home, "rows", **query, payer="HARBORWC"))
    foot = re.compile(r"<tfoot>(.*?)</tfoot>", re.DOTALL)
    assert "of those known" in foot.findall(whole)[0]
    assert "of those known" not in foot.findall(priced)[0]
    assert ">not known<" in foot.findall(unpriced)[0]
