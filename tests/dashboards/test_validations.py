"""The pages of Great Expectations among the dashboards: who may read them, and what stands where there are none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from dashboard_home.maker import write_home
from dashboard_home.pages import OpenPage, text_of
from dashboard_home.world import make_world

from dashboards.validations import newest


@pytest.fixture()
def home(tmp_path: Path, fictional_home: Path) -> Path:
    write_home(tmp_path, world=make_world(claim_count=3))
    shutil.copytree(fictional_home / "data_docs", tmp_path / "data_docs")
    return tmp_path


def test_the_suites_and_the_page_of_one_are_read_by_every_role(open_page: OpenPage, home: Path) -> None:
    (home / "access.toml").write_text('without_login = "viewer"\n')
    app = open_page(home, "quality", suite="claims")
    assert not app.exception
    shown = text_of(app)
    assert "Run of 1 Oct 2025 05:58 UTC" in shown
    # Of the four expectations of claims one was not met, on 3 of 2,000 claims.
    assert _row("Claims", "2,000", "4", "1") in shown
    assert _row("Envelopes", "2", "3", "0") in shown
    (page,) = app.get("iframe")
    assert "3 unexpected values found." in page.proto.srcdoc
    assert page.proto.alt == "Great Expectations: Claims"


def test_without_a_choice_no_page_is_open(open_page: OpenPage, home: Path) -> None:
    app = open_page(home, "quality")
    assert len(app.get("iframe")) == 0
    app.selectbox(key="suite_chosen").set_value("envelopes").run()
    assert app.query_params["suite"] == "envelopes"
    assert len(app.get("iframe")) == 1


@pytest.mark.parametrize("text", ["", "[]]", "[{}]", "null", '{"results": 1}'])
def test_results_that_cannot_be_read_are_as_none(open_page: OpenPage, home: Path, text: str) -> None:
    (results,) = home.glob("data_docs/*/validations.json")
    results.write_text(text)
    assert newest(home) == []
    app = open_page(home, "quality", suite="claims")
    assert not app.exception
    assert "No claim or remittance was checked yet" in text_of(app)


def _row(*cells: str) -> str:
    return "".join(f'<td class="text">{cell}</td>' for cell in cells)
