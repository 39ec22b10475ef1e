"""A snapshot appears whole or not at all, stays as it is, and says what it holds."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from owed import publish, snapshots
from owed.errors import OwedError
from owed.home import Home
from owed.publish import Relation
from tests.owed.conftest import Refresh, WritePayers

FCT = Relation("fct_things", "One row a thing; it's the thing's own.", {"amount": "What it is worth."})


@pytest.fixture
def warehouse(home: Home) -> Home:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_things as select 97 - i as thing_key, i as line_number, "
            "cast(i as decimal(18, 2)) as amount from range(97) as numbers (i)"
        )
        connection.execute("create view marts.rpt_things as select * from marts.fct_things where amount < 3")
    return home


def node(name: str, schema: str, kind: str, materialized: str = "table", scope: str = "claim") -> SimpleNamespace:
    config = SimpleNamespace(materialized=materialized, unique_key="claim_key", meta={"scope": scope})
    place = {"alias": name, "schema": schema, "resource_type": kind}
    return SimpleNamespace(**place, description="", columns={}, config=config)


def put(home: Home, build: str) -> None:
    with publish.draft(home, build, "512MB") as draft:
        publish.copy(draft, FCT)
    publish.publish(home, build)


def test_tables_views_types_order_and_words_are_carried(warehouse: Home) -> None:
    with publish.draft(warehouse, "20260101T000000Z-aaaaaaa", "512MB") as draft:
        assert publish.copy(draft, FCT) == 97
        assert publish.copy(draft, Relation("rpt_things", "", {})) == 3
    snapshot = publish.publish(warehouse, "20260101T000000Z-aaaaaaa")
    with snapshots.open_snapshot(snapshot.path) as connection:
        rows = connection.execute("select * from marts.fct_things").fetchall()
        kinds = connection.execute("describe marts.fct_things").fetchall()
        told = connection.execute("select comment from duckdb_tables() where table_name = 'fct_things'").fetchall()
        column = connection.execute("select comment from duckdb_columns() where column_name = 'amount'").fetchall()
    assert rows == sorted(rows)
    # A key is a number in the warehouse alone: 35 is Z, and 97 is 2 times 36 and 25, P.
    assert [rows[number - 1][0] for number in (1, 35, 97)] == ["000000000001", "00000000000Z", "00000000002P"]
    assert [kind[1] for kind in kinds] == ["VARCHAR", "BIGINT", "DECIMAL(18,2)"]
    assert told == [("One row a thing; it's the thing's own.",)]
    assert ("What it is worth.",) in column


def test_a_snapshot_is_one_unwritable_file(warehouse: Home) -> None:
    put(warehouse, "20260101T000000Z-aaaaaaa")
    assert sorted(path.name for path in warehouse.published.iterdir()) == [
        "CURRENT",
        "owed-20260101T000000Z-aaaaaaa.duckdb",
    ]
    assert snapshots.path_of(warehouse, "20260101T000000Z-aaaaaaa").stat().st_mode & 0o777 == 0o400


def test_a_draft_that_fails_leaves_nothing(warehouse: Home) -> None:
    put(warehouse, "20260101T000000Z-aaaaaaa")
    with (
        pytest.raises(RuntimeError, match="half way"),
        publish.draft(warehouse, "20260102T000000Z-bbbbbbb", "512MB") as draft,
    ):
        publish.copy(draft, FCT)
        raise RuntimeError("half way")
    assert [snapshot.build for snapshot in snapshots.listed(warehouse)] == ["20260101T000000Z-aaaaaaa"]
    assert not list(warehouse.published.glob(".*"))


def test_what_a_killed_publication_left_is_cleared(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    for left in (".owed-20260101T000000Z-aaaaaaa.tmp", ".owed-20260101T000000Z-aaaaaaa.tmp.wal", ".owed-base.tmp"):
        (home.published / left).write_bytes(b"half")
    write_payers("Northfield")
    assert run_refresh().build is not None
    assert not list(home.published.glob(".*"))


def test_a_copy_that_no_draft_took_goes(warehouse: Home) -> None:
    put(warehouse, "20260101T000000Z-aaaaaaa")
    with pytest.raises(RuntimeError, match="a check failed"), publish.copied(warehouse, snapshots.current(warehouse)):
        raise RuntimeError("a check failed")
    assert not list(warehouse.published.glob(".*"))


def test_a_missing_mart_stops_the_publication(warehouse: Home) -> None:
    with pytest.raises(duckdb.CatalogException), publish.draft(warehouse, "20260102T000000Z-bbbbbbb", "512MB") as draft:
        publish.copy(draft, Relation("fct_nothing", "", {}))
    assert snapshots.current(warehouse) is None


def test_readers_keep_what_they_opened_over_ten_publications(warehouse: Home) -> None:
    put(warehouse, "20260101T000000Z-0000000")
    with snapshots.open_current(warehouse) as reader:
        for number in range(1, 11):
            put(warehouse, f"202601{number + 1:02d}T000000Z-0000000")
        assert not snapshots.path_of(warehouse, "20260101T000000Z-0000000").exists()
        assert reader.execute("select sum(amount), count(*) from marts.fct_things").fetchall() == [(4656, 97)]
    assert [snapshot.build[:8] for snapshot in snapshots.listed(warehouse)] == [
        f"202601{day:02d}" for day in range(11, 4, -1)
    ]


def test_the_snapshot_in_use_is_never_let_go(warehouse: Home) -> None:
    put(warehouse, "20260101T000000Z-0000000")
    for number in range(2, 10):
        put(warehouse, f"202601{number:02d}T000000Z-0000000")
    oldest = snapshots.listed(warehouse)[-1]
    snapshots.rollback(warehouse, oldest.build)
    snapshots.prune(warehouse, kept=2)
    assert [snapshot.build[:8] for snapshot in snapshots.listed(warehouse)] == [
        "20260109",
        "20260108",
        oldest.build[:8],
    ]


def test_builds_sort_by_time_even_when_the_clock_goes_back(warehouse: Home) -> None:
    put(warehouse, "20990101T000000Z-ccccccc")
    assert publish.next_build(warehouse, "d" * 64) == "20990101T000001Z-ddddddd"


def test_only_marts_of_the_manifest_are_published() -> None:
    aged = node("rpt_e", "marts", "model", "incremental")
    aged.config.meta = {"list": "aging", "dated": "as_of_date"}
    key = 'to_base("claim_key", 36, 12)'
    listed = f"claim_key in (select {key} from warehouse.changed.aging_claim_key)"
    nodes = [
        node("rpt_b", "marts", "model"),
        aged,
        node("fct_a", "marts", "model", "incremental"),
        node("fct_d", "marts", "model", "incremental", "account"),
        node("int_c", "intermediate", "model"),
        node("codes", "marts", "seed"),
    ]
    found = [(relation.name, relation.making_way) for relation in publish.relations(nodes)]
    assert found == [
        ("fct_a", f"claim_key in (select {key} from warehouse.changed.claim_key)"),
        ("fct_d", f"claim_key in (select {key} from warehouse.changed.account_claim_key)"),
        ("rpt_b", None),
        ("rpt_e", f"{listed} or as_of_date >= (select as_of_date from warehouse.changed.state)"),
    ]


def test_the_pointer_is_replaced_whole(warehouse: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(warehouse, "20260101T000000Z-aaaaaaa")

    def no_rename(*_: object) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(Path, "replace", no_rename)
    with pytest.raises(OSError, match="power cut"):
        put(warehouse, "20260102T000000Z-bbbbbbb")
    monkeypatch.undo()
    current = snapshots.current(warehouse)
    assert current is not None
    assert current.build == "20260101T000000Z-aaaaaaa"


@pytest.mark.parametrize("content", ["", "../../etc/passwd", "warehouse.duckdb", "owed-x.duckdb/../y"])
def test_a_pointer_that_names_no_snapshot_is_told(warehouse: Home, content: str) -> None:
    (warehouse.published / "CURRENT").write_text(content)
    with pytest.raises(OwedError, match="CURRENT names no snapshot"):
        snapshots.current(warehouse)


def test_a_damaged_snapshot_is_found_and_not_rolled_back_to(warehouse: Home) -> None:
    put(warehouse, "20260101T000000Z-aaaaaaa")
    put(warehouse, "20260102T000000Z-bbbbbbb")
    path = snapshots.path_of(warehouse, "20260101T000000Z-aaaaaaa")
    path.chmod(0o600)
    size = path.stat().st_size
    with path.open("r+b") as handle:
        for offset in range(3 * 4096, size, 4096):
            handle.seek(offset)
            handle.write(os.urandom(64))
    with pytest.raises(OwedError, match="damaged"):
        snapshots.rollback(warehouse, "20260101T000000Z-aaaaaaa")
    current = snapshots.current(warehouse)
    assert current is not None
    assert current.build == "20260102T000000Z-bbbbbbb"


def test_only_changed_rows_are_exchanged_in_a_copy_of_the_last_snapshot(warehouse: Home) -> None:
    model = node("fct_things", "marts", "model", "incremental")
    model.config.unique_key = "thing_key"
    (things,) = publish.relations([model])
    put(warehouse, "20260101T000000Z-aaaaaaa")
    base = snapshots.current(warehouse)
    with duckdb.connect(str(warehouse.warehouse)) as connection:
        # 1 (amount 96.00) is worth 5.00 now, 2 is gone, 500 (13 times 36 and 32: DW) is new.
        connection.execute("create schema changed")
        connection.execute("create table changed.thing_key as select unnest([1, 2, 500]::bigint[]) as thing_key")
        connection.execute(
            "create table changed.fct_things (thing_key bigint, line_number bigint, amount decimal(18, 2));"
            "insert into changed.fct_things values (1, 96, 5), (500, 1, 7);"
            "delete from marts.fct_things where thing_key in (1, 2);"
            "insert into marts.fct_things from changed.fct_things"
        )
    with publish.copied(warehouse, base) as copied:
        assert base is not None
        assert copied is not None
        assert copied.checksum.result() == zlib.crc32(base.path.read_bytes())
        with publish.draft(warehouse, "20260102T000000Z-bbbbbbb", "512MB", copied.path) as draft:
            assert publish.copy(draft, things, changed_only=True) == 97 - 2 + 2
    snapshot = publish.publish(warehouse, "20260102T000000Z-bbbbbbb")
    asked = (
        "select ltrim(thing_key, '0'), amount from marts.fct_things "
        "where ltrim(thing_key, '0') in ('1', '2', 'DW') order by 1"
    )
    with snapshots.open_snapshot(snapshot.path) as connection:
        assert connection.execute(asked).fetchall() == [("1", 5), ("DW", 7)]
    with snapshots.open_snapshot(base.path) as connection:
        assert connection.execute(asked).fetchall() == [("1", 96), ("2", 95)]
    # What the table and its columns mean came with the copy.
    asked = (
        "select comment from duckdb_tables() where table_name = 'fct_things' "
        "union all select comment from duckdb_columns() where table_name = 'fct_things' order by all"
    )
    with snapshots.open_snapshot(base.path) as before, snapshots.open_snapshot(snapshot.path) as after:
        comments = before.execute(asked).fetchall()
        assert sum(comment is not None for (comment,) in comments) == 2
        assert after.execute(asked).fetchall() == comments


def test_a_snapshot_that_tidies_puts_together_what_is_left(warehouse: Home) -> None:
    kept = Relation("fct_many", "", {}, "number % 3 > 0")
    with duckdb.connect(str(warehouse.warehouse)) as connection:
        # Three row groups, of which a third is left: enough for one.
        connection.execute("create table marts.fct_many as select range as number from range(3 * 122880)")
        connection.execute("create schema changed; create table changed.fct_many (number bigint)")
    with publish.draft(warehouse, "20260101T000000Z-aaaaaaa", "512MB") as draft:
        publish.copy(draft, kept)
    publish.publish(warehouse, "20260101T000000Z-aaaaaaa")
    base = snapshots.current(warehouse)
    with duckdb.connect(str(warehouse.warehouse)) as connection:
        connection.execute("delete from marts.fct_many where number % 3 > 0")
    for day, tidies, groups in ((2, False, 3), (3, True, 1)):
        build = f"2026010{day}T000000Z-bbbbbbb"
        with publish.copied(warehouse, base) as copied:
            assert copied is not None
            assert copied.checksum.result()
            with publish.draft(warehouse, build, "512MB", copied.path, tidies) as draft:
                assert publish.copy(draft, kept, changed_only=True) == 122880
        with duckdb.connect(str(snapshots.path_of(warehouse, build)), read_only=True) as connection:
            asked = "select count(distinct row_group_id) from pragma_storage_info('marts.fct_many')"
            assert connection.execute(asked).fetchone() == (groups,)
