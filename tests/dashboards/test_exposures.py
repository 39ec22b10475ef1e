"""The exposures say which marts a page rests on: exactly those that the page asks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dashboard_home.pages import OpenPage
from ruamel.yaml import YAML

from dashboards.home import current_snapshot
from dashboards.site import PAGES
from dashboards.snapshot import Query, Reader, Row
from owed.home import Home
from tests.conftest import PROJECT

_MART = re.compile(r"\bmarts\.(\w+)")
# The stamp and the names of payers are on every page; what publishing itself writes is no model an exposure can name.
ON_EVERY_PAGE = {"dim_payers", "rpt_files", "rpt_refresh", "rpt_data_quality"}


def stated() -> dict[str, set[str]]:
    document = YAML(typ="safe").load((PROJECT / "models/marts/_exposures.yml").read_text(encoding="utf-8"))
    return {
        exposure["label"]: {re.sub(r"ref\('(\w+)'\)", r"\1", ref) for ref in exposure["depends_on"]}
        for exposure in document["exposures"]
    }


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"rows"}))
def test_a_page_asks_the_marts_its_exposure_states(
    open_page: OpenPage, sample_home: Home, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    asked: set[str] = set()
    answer = Reader.rows

    def rows(self: Reader, query: Query) -> list[Row]:
        if self.trail and self.trail.page == page:  # opening a page runs the summary before it
            asked.update(_MART.findall(query.sql))
        return answer(self, query)

    monkeypatch.setattr(Reader, "rows", rows)
    for query in _queries(sample_home, page):
        assert not open_page(sample_home.root, page, **query).exception
    assert asked - ON_EVERY_PAGE == stated()[PAGES[page].title] - ON_EVERY_PAGE


def _queries(home: Home, page: str) -> list[dict[str, Any]]:
    """Addresses that between them show all parts of a page."""
    snapshot = current_snapshot(home.root)
    assert snapshot is not None
    reader = Reader(snapshot)
    if page == "kpi":
        kpis = reader.rows(Query("select distinct kpi_id from marts.fct_kpis order by kpi_id"))
        return [{"kpi": row["kpi_id"]} for row in kpis]
    if page == "claim":
        found = reader.one(Query("select min(claim_key) as claim from marts.fct_variance_alternatives"))
        return [{}, {"claim": found["claim"]}]
    if page == "variance":
        found = reader.one(Query("select min(project_id) as project from marts.rpt_underpayment_projects"))
        return [{}, {"side": "overpaid"}, {"project": found["project"]}]
    if page == "contracts":
        found = reader.one(Query("select min(contract_id) as contract from marts.dim_contracts"))
        return [{}, {"contract": found["contract"]}]
    return [{}]
