"""Reference files through the landing itself: which contents are in force as files come, change, move and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from loaders.landing import Landing

Refresh = Callable[[], list[tuple[str, str]]]


def contract(contract_id: str, first: str, last: str) -> str:
    return (
        f"contract: {contract_id}\npayer: NORTHFIELD\nclaim_types: [professional]\n"
        f"effective: {{from: {first}, to: {last}}}\ndefault: {{method: percent_of_charge, percent: 45}}\n"
    )


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def refresh(con: duckdb.DuckDBPyConnection, inbox: Path, tmp_path: Path) -> Refresh:
    landing = Landing(con, tmp_path / "quarantine", "run")
    landing.prepare()
    return lambda: [(outcome.file_name, outcome.status) for outcome in landing.land([inbox])]


def in_force(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        "select contract_id, effective_to::varchar from raw.contracts "
        "inner join raw.files_in_force using (file_number) order by all"
    ).fetchall()


def test_a_file_that_is_renamed_and_edited_at_once_has_no_rival_in_itself(
    con: duckdb.DuckDBPyConnection, inbox: Path, refresh: Refresh
) -> None:
    (inbox / "a.contract.yaml").write_text(contract("a", "2025-01-01", "2025-12-31"))
    assert refresh() == [("a.contract.yaml", "loaded")]
    (inbox / "a.contract.yaml").unlink()
    (inbox / "z.contract.yaml").write_text(contract("a", "2025-01-01", "2025-06-30"))
    assert refresh() == [("z.contract.yaml", "loaded")]
    assert in_force(con) == [("a", "2025-06-30")]


def test_a_contract_and_its_successor_may_come_in_any_order(
    con: duckdb.DuckDBPyConnection, inbox: Path, refresh: Refresh
) -> None:
    """The new one sorts first, and overlaps what the old one said before it was shortened."""
    (inbox / "old.contract.yaml").write_text(contract("old", "2025-01-01", "2025-12-31"))
    refresh()
    (inbox / "new.contract.yaml").write_text(contract("new", "2025-07-01", "2025-12-31"))
    (inbox / "old.contract.yaml").write_text(contract("old", "2025-01-01", "2025-06-30"))
    assert sorted(refresh()) == [("new.contract.yaml", "loaded"), ("old.contract.yaml", "loaded")]
    assert in_force(con) == [("new", "2025-12-31"), ("old", "2025-06-30")]


def test_a_refused_contract_comes_in_once_its_rival_is_gone(
    con: duckdb.DuckDBPyConnection, inbox: Path, refresh: Refresh
) -> None:
    (inbox / "a.contract.yaml").write_text(contract("a", "2025-01-01", "2025-12-31"))
    (inbox / "b.contract.yaml").write_text(contract("b", "2025-07-01", "2025-12-31"))
    assert refresh() == [("a.contract.yaml", "loaded"), ("b.contract.yaml", "refused")]
    assert in_force(con) == [("a", "2025-12-31")]
    (inbox / "a.contract.yaml").unlink()
    assert refresh() == [("b.contract.yaml", "loaded")]
    assert in_force(con) == [("b", "2025-12-31")]


def test_an_edit_that_is_refused_leaves_what_was_in_force(
    con: duckdb.DuckDBPyConnection, inbox: Path, refresh: Refresh
) -> None:
    (inbox / "a.contract.yaml").write_text(contract("a", "2025-01-01", "2025-12-31"))
    refresh()
    (inbox / "a.contract.yaml").write_text(contract("a", "2025-01-01", "2024-12-31"))
    assert refresh() == [("a.contract.yaml", "refused")]
    assert in_force(con) == [("a", "2025-12-31")]


@pytest.mark.parametrize("known_as", ["inbox", "{tmp_path}/old/inbox"])
def test_a_home_that_was_moved_keeps_its_inbox(con: duckdb.DuckDBPyConnection, tmp_path: Path, known_as: str) -> None:
    """Whatever an earlier version called the inbox: what is edited or deleted after the move replaces or ends."""
    old, new = tmp_path / "old", tmp_path / "new"

    def land(home: Path) -> list[tuple[str, str]]:
        landing = Landing(con, home / "quarantine", "run")
        landing.prepare()
        return [(outcome.file_name, outcome.status) for outcome in landing.land([home / "inbox"])]

    (old / "inbox").mkdir(parents=True)
    for name in ("a", "b"):
        text = contract(name, "2025-01-01", "2025-12-31") + f"products: [{name}]\n"
        (old / "inbox" / f"{name}.contract.yaml").write_text(text)
    assert sorted(land(old)) == [("a.contract.yaml", "loaded"), ("b.contract.yaml", "loaded")]
    con.execute("update raw.inbox_files set inbox = ?", [known_as.format(tmp_path=tmp_path)])
    assert land(old) == []
    old.rename(new)
    (new / "inbox" / "a.contract.yaml").write_text(contract("a", "2025-01-01", "2025-06-30"))
    (new / "inbox" / "b.contract.yaml").unlink()
    assert land(new) == [("a.contract.yaml", "loaded")]
    assert in_force(con) == [("a", "2025-06-30")]
