"""Every page in every state a home can be in."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest
from dashboard_home.links import links_of
from dashboard_home.maker import write_home
from dashboard_home.pages import OpenPage, text_of
from dashboard_home.world import make_world

from dashboards.site import PAGES

FIRST_CLAIM = hashlib.sha256(b"claim 0").hexdigest()[:16]
QUERIES: dict[str, dict[str, str | list[str]]] = {
    "claim": {"claim": FIRST_CLAIM},
    "kpi": {"kpi": "initial_denial_rate"},
    "rows": {"set": "variances", "f.variance_class": "underpaid"},
}
ALL = sorted(PAGES)


@pytest.fixture(scope="module")
def rowless_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("rowless")
    write_home(home, empty_tables=True)
    return home


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small")
    write_home(home, world=make_world(claim_count=3))
    return home


@pytest.fixture(scope="module")
def unknown_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty claims with nothing known but their keys: every other column is null."""
    home = tmp_path_factory.mktemp("unknown")
    path = write_home(home, world=make_world(claim_count=60))
    with duckdb.connect(str(path)) as connection:
        columns = connection.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'marts'"
            " and column_name not in ('claim_key', 'kpi_id', 'period_month', 'line_number')"
            " and table_name not in ('dim_kpis', 'rpt_refresh')"
        ).fetchall()
        for table, column in columns:
            connection.execute(f'update marts."{table}" set "{column}" = null')
    return home


@pytest.mark.parametrize("page", ALL)
def test_a_page_shows_its_head_on_sample_data(open_page: OpenPage, fictional_home: Path, page: str) -> None:
    app = open_page(fictional_home, page, **QUERIES.get(page, {}))
    assert not app.exception
    shown = text_of(app)
    assert f'<p class="eyebrow">{PAGES[page].title}</p>' in shown
    assert "As of 30 Sep 2025" in shown
    assert "cannot be shown" not in shown or page == "forecast"  # the interface names no table of forecasts


@pytest.mark.parametrize("page", ALL)
def test_a_page_survives_tables_without_rows(open_page: OpenPage, rowless_home: Path, page: str) -> None:
    app = open_page(rowless_home, page, **QUERIES.get(page, {}))
    assert not app.exception
    assert '<p class="eyebrow">' in text_of(app)


@pytest.mark.parametrize("page", ALL)
def test_a_page_survives_three_claims(open_page: OpenPage, small_home: Path, page: str) -> None:
    app = open_page(small_home, page, **QUERIES.get(page, {}))
    assert not app.exception
    assert '<p class="eyebrow">' in text_of(app)


@pytest.mark.parametrize("page", ALL)
def test_a_page_survives_nulls_everywhere(open_page: OpenPage, unknown_home: Path, page: str) -> None:
    app = open_page(unknown_home, page, **QUERIES.get(page, {}))
    assert not app.exception
    assert '<p class="eyebrow">' in text_of(app)


@pytest.mark.parametrize("page", ALL)
def test_a_page_of_another_version_says_what_it_lacks(open_page: OpenPage, tmp_path: Path, page: str) -> None:
    path = write_home(tmp_path, empty_tables=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop schema marts cascade; create schema marts")
    app = open_page(tmp_path, page, **QUERIES.get(page, {}))
    assert not app.exception
    if page != "definitions":
        assert "cannot be shown" in text_of(app)
    assert '<p class="eyebrow">' in text_of(app)


@pytest.mark.parametrize("page", ALL)
def test_a_page_without_a_snapshot_says_how_to_make_one(open_page: OpenPage, tmp_path: Path, page: str) -> None:
    assert "Nothing is published here yet" in text_of(open_page(tmp_path, page))


@pytest.mark.parametrize("page", ALL)
def test_filters_survive_from_page_to_page(open_page: OpenPage, fictional_home: Path, page: str) -> None:
    app = open_page(fictional_home, page, **QUERIES.get(page, {}), payer="NORTHFIELD", period="3m")
    assert not app.exception
    menu = [element for element in app.sidebar if element.type == "page_link"]
    assert len(menu) == sum(1 for item in PAGES.values() if item.group)
    assert all("payer=NORTHFIELD" in element.proto.query_string for element in menu)
    leading_on = [link for link in links_of(app) if "set" in link.query and "reset" not in link.look]
    assert all(link.query.get("payer") == ["NORTHFIELD"] for link in leading_on if "f.status" not in link.query)


def test_no_address_names_a_patient_or_a_control_number(open_page: OpenPage, fictional_home: Path) -> None:
    addresses = [
        link.address for page in ALL for link in links_of(open_page(fictional_home, page, **QUERIES.get(page, {})))
    ]
    assert len(addresses) > 500
    assert not [
        address for address in addresses if "DEMO0" in address or "claim_id=" in address or "patient_key" in address
    ]


def test_what_a_file_says_cannot_become_markup(open_page: OpenPage, tmp_path: Path) -> None:
    path = write_home(tmp_path, world=make_world(claim_count=20))
    with duckdb.connect(str(path)) as connection:
        connection.execute("update marts.dim_payers set payer_name = '<img src=x onerror=alert(1)>'")
        connection.execute("update marts.rpt_files set refusal_reason = '<script>alert(1)</script>'")
    for page in ("summary", "payers", "quality", "rows"):
        shown = text_of(open_page(tmp_path, page, **QUERIES.get(page, {})))
        assert "<img" not in shown
        assert "<script>alert" not in shown
