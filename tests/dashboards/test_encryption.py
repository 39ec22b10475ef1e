"""The pages of a home with a key."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from dashboard_home.maker import write_home
from dashboard_home.pages import OpenPage, text_of
from dashboard_home.world import make_world

from dashboards.access import Access, Role
from dashboards.audit import Trail
from dashboards.home import SnapshotError, current_snapshot
from dashboards.snapshot import Query, Reader, connect
from owed import encryption
from owed.encrypt import encrypt
from owed.home import Home

CLAIMS = Query("select claim_key, claim_id from marts.fct_claims order by claim_key")


@pytest.fixture()
def encrypted_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_home(tmp_path, world=make_world(claim_count=60))
    monkeypatch.setenv(encryption.KEY, "a key of this test alone")
    encrypt(Home(tmp_path))
    return tmp_path


def reader(home: Path, role: Role) -> Reader:
    snapshot = current_snapshot(home)
    assert snapshot is not None
    return Reader(snapshot, Trail(home, Access("someone", role)))


def test_rows_identified_masked_and_exported(encrypted_home: Path) -> None:
    seen = reader(encrypted_home, Role.ANALYST).rows(CLAIMS)
    masked = reader(encrypted_home, Role.VIEWER).rows(CLAIMS)
    assert len(seen) == len(masked) == 60
    assert [row["claim_key"] for row in seen] == [row["claim_key"] for row in masked]
    assert not {row["claim_id"] for row in seen} & {row["claim_id"] for row in masked}
    exported = reader(encrypted_home, Role.ANALYST).export(CLAIMS, "fct_claims", "csv")
    assert [row[1] for row in exported] == [row["claim_id"] for row in seen]
    columns = [reader(encrypted_home, role).columns("fct_claims") for role in (Role.ANALYST, Role.VIEWER)]
    assert columns[0]["charge_amount"] == columns[1]["charge_amount"] == "DECIMAL(18,2)"


@pytest.mark.parametrize("page", ["summary", "rows", "definitions"])
def test_a_page_is_drawn(encrypted_home: Path, open_page: OpenPage, page: str) -> None:
    shown = open_page(encrypted_home, page, **({"set": "claims"} if page == "rows" else {}))
    assert not shown.exception
    assert "cannot be read" not in text_of(shown)


def test_its_connection_can_do_nothing_else(encrypted_home: Path, tmp_path: Path) -> None:
    snapshot = current_snapshot(encrypted_home)
    assert snapshot is not None
    with connect(str(snapshot.path)) as connection:
        for forbidden in (
            "delete from marts.fct_claims",
            "create table marts.x as select 1",
            f"select * from read_text('{snapshot.path}')",
            f"attach '{tmp_path / 'new.duckdb'}' as other",
            f"copy marts.fct_claims to '{tmp_path / 'out.csv'}'",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(forbidden)


def test_without_the_key_the_page_says_so(
    encrypted_home: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(encryption.KEY)
    with pytest.raises(SnapshotError, match="is encrypted: set OWED_ENCRYPTION_KEY"):
        reader(encrypted_home, Role.VIEWER).rows(CLAIMS)
    assert "is encrypted: set OWED_ENCRYPTION_KEY" in text_of(open_page(encrypted_home))
