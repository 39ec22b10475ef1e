"""Who may see what: roles from rules, and that a viewer meets no identifier anywhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit
from dashboard_home.links import links_of
from dashboard_home.maker import write_home
from dashboard_home.pages import OpenPage, text_of
from dashboard_home.world import make_world

from dashboards.access import Access, AccessError, Role, Rules, is_loopback, of_login, read_rules, without_login
from dashboards.audit import Trail
from dashboards.home import current_snapshot
from dashboards.masking import HARMLESS, IDENTIFYING, masked_view
from dashboards.rowsets import ROWSETS
from dashboards.site import PAGES
from dashboards.snapshot import Query, Reader

NUMBER = "DEMO0"  # how every control number of the fictional home begins
RULES = """
unmapped = "viewer"
[admin]
email = ["Ops@clinic.example"]
[analyst]
groups = ["revenue-integrity", "denials"]
email = ["reviewer@clinic.example"]
[viewer]
email = ["cfo@clinic.example"]
"""


@pytest.fixture(scope="module")
def viewer_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that lets whoever comes in as a viewer."""
    home = tmp_path_factory.mktemp("viewer")
    write_home(home, world=make_world(claim_count=300))
    (home / "access.toml").write_text('without_login = "viewer"\n')
    return home


@pytest.fixture()
def files(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], bytes]]:
    """The makers of all files that the pages offer, in the order they are offered."""
    offered: list[Callable[[], bytes]] = []

    def button(*_: object, data: Callable[[], bytes], **__: object) -> bool:
        offered.append(data)
        return False

    monkeypatch.setattr(streamlit, "download_button", button)
    return offered


def shown_by(app: Any) -> str:
    """Everything a page sends to the browser, whatever element it is in."""
    return "\n".join(str(element.proto) for part in (app.main, app.sidebar) for element in part) + text_of(app)


def rules(tmp_path: Path, text: str = RULES) -> Rules:
    (tmp_path / "access.toml").write_text(text)
    return read_rules(tmp_path)


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"email": "ops@CLINIC.example"}, Role.ADMIN),
        ({"email": "ops@clinic.example", "email_verified": False}, Role.VIEWER),
        ({"email": "cfo@clinic.example", "groups": ["staff", "denials"]}, Role.ANALYST),
        ({"sub": "17", "groups": "revenue-integrity"}, Role.ANALYST),
        ({"email": "cfo@clinic.example"}, Role.VIEWER),
        ({"email": "stranger@elsewhere.example"}, Role.VIEWER),
        ({}, Role.VIEWER),
    ],
)
def test_the_highest_role_that_a_claim_gives_counts(tmp_path: Path, claims: dict[str, Any], role: Role) -> None:
    access = of_login(rules(tmp_path), claims)
    assert access is not None
    assert access.role is role


def test_who_is_named_nowhere_is_refused_unless_the_rules_say_otherwise(tmp_path: Path) -> None:
    stranger = {"email": "stranger@elsewhere.example"}
    assert of_login(rules(tmp_path, RULES.replace('unmapped = "viewer"', "")), stranger) is None
    assert of_login(Rules(), stranger) is None


@pytest.mark.parametrize("text", ["[", "[auditor]\n", 'unmapped = "admin"', '[analyst]\nemail = "one@clinic.example"',
                                  'without_login = "everyone"'])  # fmt: skip
def test_rules_that_cannot_be_understood_let_nobody_in(tmp_path: Path, open_page: OpenPage, text: str) -> None:
    with pytest.raises(AccessError, match=r"access\.toml"):
        rules(tmp_path, text)
    write_home(tmp_path, world=make_world(claim_count=5))
    shown = text_of(open_page(tmp_path))
    assert "Nobody can be let in" in shown
    assert 'class="page-head"' not in shown


@pytest.mark.parametrize(
    ("address", "inside"),
    [("localhost", True), ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.4", False), ("owed.clinic.example", False), ("", False), (None, False)],
)  # fmt: skip
def test_only_a_lone_user_on_the_machine_itself_sees_everything_without_a_login(
    address: str | None, inside: bool
) -> None:
    assert is_loopback(address) is inside
    assert without_login(Rules(), address).role is (Role.ADMIN if inside else Role.VIEWER)
    # Rules without a working login are a mistake of the set-up, and no reason to open the door.
    assert without_login(Rules(is_written=True), address).role is Role.VIEWER
    assert without_login(Rules(without_login=Role.ANALYST), address).role is Role.ANALYST


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_viewer_meets_no_identifier_on_a_page_nor_in_its_files(
    open_page: OpenPage, viewer_home: Path, files: list[Callable[[], bytes]], page: str
) -> None:
    claim = next(iter(make_world(claim_count=300).tables["fct_claims"]))["claim_key"]
    query = {"kpi": {"kpi": "cash_collected"}, "claim": {"claim": claim}}.get(page, {})
    app = open_page(viewer_home, page, **query)
    assert not app.exception
    assert '<p class="eyebrow">' in text_of(app)
    assert NUMBER not in shown_by(app)
    for make in files:
        assert NUMBER.encode() not in _unzipped(make())


@pytest.mark.parametrize("rowset", sorted(ROWSETS))
@pytest.mark.parametrize("sort", ["claim_id", "-claim_id"])
def test_a_viewer_meets_no_identifier_among_rows(
    open_page: OpenPage, viewer_home: Path, files: list[Callable[[], bytes]], rowset: str, sort: str
) -> None:
    query: dict[str, str | list[str]] = {"set": rowset, "period": "all", f"{rowset}.sort": sort, "f.claim_id": NUMBER}
    app = open_page(viewer_home, "rows", **query)
    assert not app.exception
    assert NUMBER not in shown_by(app).replace(f"f.claim_id={NUMBER}", "")
    assert len(files) in {0, 4}  # the rows and one split, as CSV and as workbook; none where there are no rows
    assert not [content for make in files if NUMBER.encode() in _unzipped(content := make())]


def test_a_viewer_cannot_find_a_claim_by_its_number(open_page: OpenPage, viewer_home: Path) -> None:
    app = open_page(viewer_home, "claim")
    assert not app.text_input
    assert "Your role does not see control numbers" in text_of(app)
    reader = Reader(_snapshot(viewer_home), Trail(viewer_home, Access("cfo", Role.VIEWER)))
    assert reader.rows(Query("select * from marts.fct_claims where upper(claim_id) = 'DEMO000001'")) == []
    assert reader.rows(Query("select * from marts.fct_claims where claim_id like 'DEMO%'")) == []


def test_masked_rows_can_still_be_told_apart_and_added_up(viewer_home: Path) -> None:
    masked = Reader(_snapshot(viewer_home))
    whole = Reader(_snapshot(viewer_home), Trail(viewer_home, Access("local", Role.ADMIN)))
    sums = Query("select count(*) as found, sum(charge_amount) as charged, sum(balance_amount) as open"
                 " from marts.fct_claims")  # fmt: skip
    assert masked.one(sums) == whole.one(sums)
    row = masked.one(Query("select claim_key, claim_id, patient_key from marts.fct_claims order by claim_key limit 1"))
    assert row["claim_id"] == f"••• {row['claim_key'][-8:]}"
    assert row["patient_key"] == "•••"
    assert masked.columns("fct_claims") == whole.columns("fct_claims")


def test_a_masked_reader_reaches_nothing_but_the_masked_tables(viewer_home: Path) -> None:
    reader = Reader(_snapshot(viewer_home))
    for table in reader.rows(Query("select table_name from duckdb_tables() where schema_name = 'marts'")):
        for row in reader.rows(Query(f'select * from marts."{table["table_name"]}"')):
            assert not [value for value in row.values() if isinstance(value, str) and value.startswith("DEMO")]


def test_a_column_nobody_listed_is_masked() -> None:
    made = masked_view("fct_x", [("claim_key", "VARCHAR"), ("nickname", "VARCHAR"), ("tags", "VARCHAR[]")], "snapshot")
    assert "case when \"nickname\" is not null then '•••' end" in made
    assert 'cast(null as VARCHAR[]) as "tags"' in made
    assert not HARMLESS & IDENTIFYING


def test_a_login_stands_before_the_pages(open_page: OpenPage, viewer_home: Path) -> None:
    app = open_page(viewer_home)
    app.user = {"is_logged_in": False}
    app.run()
    assert "Log in to see these pages" in text_of(app)
    assert 'class="page-head"' not in text_of(app)
    app.user = {"is_logged_in": True, "email": "stranger@elsewhere.example"}
    app.run()
    assert "You have no access" in text_of(app)
    assert 'class="page-head"' not in text_of(app)


def test_a_login_gives_the_role_of_the_rules(open_page: OpenPage, tmp_path: Path) -> None:
    write_home(tmp_path, world=make_world(claim_count=60))
    (tmp_path / "access.toml").write_text(RULES)
    for email, sees in (("cfo@clinic.example", False), ("reviewer@clinic.example", True)):
        app = open_page(tmp_path, "rows", set="claims", period="all")
        app.user = {"is_logged_in": True, "email": email}
        app.run()
        assert f"<b>{email}</b>" in text_of(app)
        assert (NUMBER in shown_by(app)) is sees
        assert len([link for link in links_of(app) if "claim" in link.query]) > 20


def _snapshot(home: Path) -> Any:
    found = current_snapshot(home)
    assert found is not None
    return found


def _unzipped(content: bytes) -> bytes:
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b"".join(book.read(name) for name in book.namelist())
