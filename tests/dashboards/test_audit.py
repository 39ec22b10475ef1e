"""The audit log: what is written when, what never is, and that nothing identified is shown unwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit
from dashboard_home.maker import write_home
from dashboard_home.pages import OpenPage, text_of
from dashboard_home.world import make_world

from dashboards.access import Access, Role
from dashboards.audit import AuditError, Trail, filters_of, newest
from dashboards.home import current_snapshot
from dashboards.snapshot import Query, Reader
from owed.audit import entries
from owed.home import Home

IDENTIFIED = Query("select claim_key, claim_id from marts.fct_claims order by claim_key limit 2")


@pytest.fixture()
def small_home(tmp_path: Path) -> Path:
    write_home(tmp_path, world=make_world(claim_count=60))
    return tmp_path


def reader(home: Path, role: Role) -> Reader:
    snapshot = current_snapshot(home)
    assert snapshot is not None
    return Reader(snapshot, Trail(home, Access("someone", role), "rows", {"set": ["claims"]}))


def logged(home: Path) -> list[dict[str, Any]]:
    paths = sorted((home / "audit").glob("*"))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def test_identified_rows_are_written_down_before_they_are_shown(small_home: Path) -> None:
    rows = reader(small_home, Role.ANALYST).rows(IDENTIFIED)
    entry = logged(small_home)[0]
    assert {name: entry[name] for name in ("who", "role", "action", "page", "rows", "columns", "claims")} == {
        "who": "someone", "role": "analyst", "action": "view", "page": "rows", "rows": 2, "columns": ["claim_id"],
        "claims": [row["claim_key"] for row in rows],
    }  # fmt: skip
    assert entry["filters"] == {"set": ["claims"]}
    assert not [row for row in rows if row["claim_id"] in json.dumps(entry)]


def test_each_view_counts_even_if_the_answer_was_kept_in_memory(small_home: Path) -> None:
    for _ in range(3):
        reader(small_home, Role.ANALYST).rows(IDENTIFIED)
    assert len(logged(small_home)) == 3


def test_masked_rows_and_sums_are_no_views_of_anyone(small_home: Path) -> None:
    reader(small_home, Role.VIEWER).rows(IDENTIFIED)
    reader(small_home, Role.ADMIN).rows(Query("select sum(charge_amount) as charged from marts.fct_claims"))
    reader(small_home, Role.ADMIN).rows(Query(f"select * from ({IDENTIFIED.sql}) where false"))
    assert logged(small_home) == []


def test_only_the_owner_may_read_the_log_and_lines_are_only_added(small_home: Path) -> None:
    reader(small_home, Role.ADMIN).rows(IDENTIFIED)
    path = next((small_home / "audit").iterdir())
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    first = path.read_bytes()
    reader(small_home, Role.ADMIN).rows(IDENTIFIED)
    assert path.read_bytes().startswith(first)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_every_file_is_written_down_with_format_and_row_count(
    open_page: OpenPage, small_home: Path, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    offered: list[Callable[[], bytes]] = []
    monkeypatch.setattr(streamlit, "download_button", lambda *_, data, **__: offered.append(data))
    (small_home / "access.toml").write_text(f'without_login = "{role}"\n')
    open_page(small_home, "rows", set="claims", period="all")
    for make in offered[:2]:
        make()
    made = [entry for entry in logged(small_home) if entry["action"] == "export"]
    assert [(entry["name"], entry["format"], entry["rows"]) for entry in made] == [
        ("claims", "csv", 60), ("claims", "xlsx", 60),
    ]  # fmt: skip
    assert {tuple(entry["columns"]) for entry in made} == {() if role is Role.VIEWER else ("claim_id",)}
    assert made[0]["filters"] == {"set": ["claims"], "period": ["all"]}


def test_what_cannot_be_written_down_is_not_shown(open_page: OpenPage, small_home: Path) -> None:
    (small_home / "audit").write_text("a file where the folder should be")
    with pytest.raises(AuditError):
        reader(small_home, Role.ANALYST).rows(IDENTIFIED)
    app = open_page(small_home, "rows", set="claims", period="all")
    assert "Identified rows are not shown" in text_of(app)
    assert "DEMO0" not in text_of(app)


def test_what_someone_else_wrote_in_an_address_stays_out() -> None:
    said = {"payer": ["NORTHFIELD"], "f.cause": ["x" * 200], "claims.sort": ["-claim_id"], "patient": ["Doe, Jane"]}
    assert filters_of(said) == {"payer": ["NORTHFIELD"], "f.cause": ["x" * 80], "claims.sort": ["-claim_id"]}


def test_the_log_is_read_newest_first_past_a_line_cut_short(small_home: Path) -> None:
    folder = small_home / "audit"
    folder.mkdir()
    (folder / "2025-08.jsonl").write_text('{"at":"2025-08-02T00:00:00+00:00","who":"a"}\n{"at":"2025-08-03')
    (folder / "2025-09.jsonl").write_text('{"at":"2025-09-01T00:00:00+00:00","who":"b"}\n')
    assert [entry["who"] for entry in newest(small_home, 5)] == ["b", "a"]
    assert [entry["who"] for entry in newest(small_home, 1)] == ["b"]


def test_the_command_lists_who_saw_what(small_home: Path) -> None:
    reader(small_home, Role.ANALYST).rows(IDENTIFIED)
    found = entries(Home(small_home))
    assert len(found) == 1
    assert "someone (analyst)  view, page rows, 2 rows (claim_id); set=claims" in str(found[0])
    assert entries(Home(small_home), who="nobody") == []


@pytest.mark.parametrize(("role", "sees"), [("admin", True), ("analyst", False)])
def test_the_log_is_on_the_quality_page_for_admins_alone(
    open_page: OpenPage, small_home: Path, role: str, sees: bool
) -> None:
    (small_home / "access.toml").write_text(f'without_login = "{role}"\n')
    open_page(small_home, "rows", set="claims", period="all")
    shown = text_of(open_page(small_home, "quality"))
    assert ('aria-label="Audit log"' in shown) is sees
