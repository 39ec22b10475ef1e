"""The pages over a home that was really refreshed: the models' own columns, not only those the interface names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit
from dashboard_home.follow import adds_up
from dashboard_home.links import links_of
from dashboard_home.pages import OpenPage, text_of

from dashboards.access import Access, Role
from dashboards.audit import Trail, newest
from dashboards.home import current_snapshot
from dashboards.masking import HARMLESS, IDENTIFYING
from dashboards.parts import entry, whatif
from dashboards.parts.context import find_as_of
from dashboards.site import PAGES
from dashboards.snapshot import Query, Reader
from owed.home import Home

LINKED = {"summary": 2, "variance": 10, "denials": 10, "payers": 10, "aging": 30, "credits": 5, "patients": 10,
          "quality": 4}  # fmt: skip


@pytest.fixture(scope="module")
def reader(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    snapshot = current_snapshot(sample_home.root)
    assert snapshot is not None
    return Reader(snapshot, Trail(tmp_path_factory.mktemp("audit"), Access("test", Role.ANALYST)))


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_shows_all_its_parts_and_its_links_add_up(
    open_page: OpenPage, sample_home: Home, reader: Reader, page: str
) -> None:
    claim = reader.one(Query("select claim_key from marts.fct_denials order by claim_key limit 1"))["claim_key"]
    query = {"kpi": {"kpi": "cash_collected"}, "rows": {"set": "ledger"}, "claim": {"claim": claim}}.get(page, {})
    app = open_page(sample_home.root, page, **query)
    assert not app.exception
    assert "cannot be shown" not in text_of(app)
    as_of = find_as_of(reader)
    assert as_of is not None
    linked = [link for link in links_of(app) if link.amount is not None and "set" in link.query]
    assert [link.address for link in linked if not adds_up(link, reader, as_of)] == []
    assert len(linked) >= LINKED.get(page, 0)


def test_every_indicator_has_its_definition_and_its_page(
    open_page: OpenPage, sample_home: Home, reader: Reader
) -> None:
    defined = {row["kpi_id"] for row in reader.rows(Query("select kpi_id from marts.dim_kpis"))}
    published = {row["kpi_id"] for row in reader.rows(Query("select distinct kpi_id from marts.fct_kpis"))}
    assert published <= defined
    for kpi_id in sorted(published):
        app = open_page(sample_home.root, "kpi", kpi=kpi_id)
        assert not app.exception
        assert f"<dd>{kpi_id}</dd>" in text_of(app)


def test_cash_is_followed_to_its_postings(open_page: OpenPage, sample_home: Home, reader: Reader) -> None:
    as_of = find_as_of(reader)
    assert as_of is not None
    app = open_page(sample_home.root, "kpi", kpi="cash_collected")
    linked = [link for link in links_of(app) if link.query.get("set") == ["ledger"]]
    assert len(linked) == 1
    assert adds_up(linked[0], reader, as_of)


def test_a_claim_shows_how_its_price_was_reached(open_page: OpenPage, sample_home: Home, reader: Reader) -> None:
    row = reader.one(Query(
        "select claim_key, claim_id from marts.fct_claims where claim_key in"
        " (select claim_key from marts.fct_pricing_steps where line_number > 0) order by claim_key limit 1"
    ))  # fmt: skip
    shown = text_of(open_page(sample_home.root, "claim", claim=row["claim_key"]))
    assert f"Claim {row['claim_id']}" in shown
    assert 'aria-label="How the price was reached, step by step"' in shown


def test_every_text_column_is_known_as_harmless_or_as_identifying(reader: Reader) -> None:
    found = reader.rows(Query(
        "select distinct column_name as name from information_schema.columns"
        " where table_schema = 'marts' and data_type = 'VARCHAR'"
    ))  # fmt: skip
    assert len(found) > 100
    # Names of files and words of findings are masked, as they may quote anything, but are no view of a patient's row.
    assert {row["name"] for row in found} - HARMLESS - IDENTIFYING == {"file_name", "sentence"}
    # Numbers are shown as they are: none is a key, which is one in the warehouse.
    numbers = reader.rows(Query(
        "select distinct column_name as name from information_schema.columns"
        " where table_schema = 'marts' and data_type in ('BIGINT', 'UBIGINT', 'HUGEINT')"
    ))  # fmt: skip
    assert {row["name"] for row in numbers if not row["name"].endswith("_count")} == {"line_number"}


def test_no_value_a_viewer_can_read_holds_a_control_number(sample_home: Home, reader: Reader) -> None:
    numbers = {row["claim_id"] for row in reader.rows(Query("select distinct claim_id from marts.fct_claims"))}
    masked = Reader(reader.snapshot)
    assert masked.is_masked
    for table in masked.rows(Query("select table_name from duckdb_tables() where schema_name = 'marts'")):
        for row in masked.rows(Query(f'select distinct * from marts."{table["table_name"]}"')):
            assert not [value for value in row.values() if isinstance(value, str) and value in numbers]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VIEWER])
def test_the_packet_of_a_project_and_of_a_claim_can_be_taken_away(
    open_page: OpenPage, sample_home: Home, reader: Reader, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    offered: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(streamlit, "download_button", lambda *_, data, key, **__: offered.update({key: data}))
    access = Access("someone", role)
    monkeypatch.setattr(entry, "admit", lambda home: access)
    row = reader.one(Query("select * from marts.rpt_underpayment_worklist order by claim_key limit 1"))
    for page, query in (("variance", {"project": row["project_id"]}), ("claim", {"claim": row["claim_key"]})):
        offered.clear()
        app = open_page(sample_home.root, page, **query)
        assert not app.exception
        made = {key: make for key, make in offered.items() if key.startswith("packet_")}
        assert set(made) == (set() if role is Role.VIEWER else {"packet_pdf", "packet_xlsx"})
        if role is Role.ADMIN:
            assert made["packet_pdf"]().startswith(b"%PDF-")
            assert made["packet_xlsx"]().startswith(b"PK")
            logged = newest(sample_home.root, 2)
            assert [(found["format"], found["action"]) for found in logged] == [("xlsx", "export"), ("pdf", "export")]
            assert row["claim_id"] not in str(logged)


def test_a_claim_shows_the_payers_own_codes(open_page: OpenPage, sample_home: Home, reader: Reader) -> None:
    row = reader.one(Query(
        "select claim_key, reason_code, group_code, payer_claim_control_number from marts.fct_adjustments"
        " inner join marts.fct_adjudications using (claim_key, adjudication_id) where is_latest"
        " order by claim_key, adjustment_number limit 1"
    ))  # fmt: skip
    shown = text_of(open_page(sample_home.root, "claim", claim=row["claim_key"]))
    assert f"{row['group_code']}-{row['reason_code']}" in shown
    assert row["payer_claim_control_number"] in shown


def test_other_words_of_a_contract_are_priced_on_its_page(
    open_page: OpenPage, sample_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    total = {"code_family": "total", "claim_count": 2, "line_count": 3, "charge_amount": "400.00",
             "now_amount": "100.00", "then_amount": "112.50", "difference_amount": "12.50"}  # fmt: skip
    step = {"rule": "term", "clause": "visits, line 9", "inputs": "100 × 75% = 75", "amount_after": "75.000000"}
    example = {"claim_id": "HF1", "line_number": 1, "now_amount": "60.00", "then_amount": "75.00",
               "now_steps": [], "then_steps": [step]}  # fmt: skip
    compared = {"families": [{**total, "code_family": "drugs"}], "total": total, "examples": [example],
                "no_longer_priced_count": 1, "no_longer_priced_amount": "9.00", "newly_priced_count": 0,
                "newly_priced_amount": "0.00"}  # fmt: skip
    answer = {"from_date": "2025-01-01", "to_date": "2025-12-31", "comparison": compared}

    def run(home: Path, text: str) -> dict[str, Any]:
        asked.append(text)
        return answer

    monkeypatch.setattr(whatif, "run", run)
    app = open_page(sample_home.root, "contracts", contract="cedarline")
    assert app.button[0].disabled
    app.text_area[0].set_value(str(app.text_area[0].value).replace("percent: 58", "percent: 60")).run()
    app.button[0].click().run()
    assert not app.exception
    assert "percent: 60" in asked[0]
    shown = text_of(app)
    assert "would have been worth <b>$12.50 more</b>" in shown
    assert "In no sum: 1 line priced only now (9.00)" in shown
    assert "visits, line 9; 100 × 75% = 75 = 75.00" in shown


def test_a_viewer_is_offered_no_other_words(
    open_page: OpenPage, sample_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "admit", lambda home: Access("cfo", Role.VIEWER))
    app = open_page(sample_home.root, "contracts", contract="cedarline")
    assert not app.exception
    assert not app.text_area


def test_words_that_are_no_contract_are_told_so(sample_home: Home) -> None:
    assert "is no contract" in whatif.run(sample_home.root, "x: 1")["error"]
