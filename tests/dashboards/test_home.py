"""Finding the home, its snapshot, and what waits."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from dashboard_home.maker import write_home

from dashboards.home import SnapshotError, count_waiting_files, current_snapshot, find_home, gate_history, last_run
from dashboards.snapshot import connect


def test_the_home_of_the_command_line_goes_before_the_environment() -> None:
    assert find_home(["--home", "/srv/a"], {"OWED_HOME": "/srv/b"}) == Path("/srv/a")
    assert find_home([], {"OWED_HOME": "/srv/b"}) == Path("/srv/b")
    assert find_home([], {}) == Path.cwd() / "home"


def test_no_snapshot_before_the_first_publication(tmp_path: Path) -> None:
    assert current_snapshot(tmp_path) is None


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "owed-1.duckdb/../x", "warehouse.duckdb", "owed-gone.duckdb"])
def test_a_pointer_to_no_snapshot_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "CURRENT").write_text(name)
    with pytest.raises(SnapshotError, match=r"owed (refresh|rollback)"):
        current_snapshot(tmp_path)


def test_a_connection_can_read_its_file_and_nothing_else(fictional_home: Path, tmp_path: Path) -> None:
    snapshot = current_snapshot(fictional_home)
    assert snapshot is not None
    other = tmp_path / "other.csv"
    other.write_text("secret\n1\n")
    with connect(str(snapshot.path)) as connection:
        assert connection.execute("select count(*) from marts.fct_claims").fetchall() == [(2000,)]
        for forbidden in (
            "delete from marts.fct_claims",
            f"select * from read_csv('{other}')",
            f"attach '{tmp_path / 'new.duckdb'}' as other",
            f"copy marts.fct_claims to '{tmp_path / 'out.csv'}'",
            "set enable_external_access = true",
            "install httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(forbidden)
    assert not (tmp_path / "out.csv").exists()


def test_a_damaged_snapshot_is_told_in_words(tmp_path: Path) -> None:
    path = write_home(tmp_path, empty_tables=True)
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(SnapshotError, match="owed rollback"):
        connect(str(path))


def test_a_file_put_into_the_inbox_later_waits_even_with_an_old_date(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox" / "deep"
    inbox.mkdir(parents=True)
    began = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=5)
    (inbox / "new.835").write_text("ISA")
    os.utime(inbox / "new.835", (0, 0))
    assert count_waiting_files(tmp_path, began) == 1
    assert count_waiting_files(tmp_path, began + timedelta(days=1)) == 0
    assert count_waiting_files(tmp_path / "nowhere", began) == 0


def test_a_file_of_the_second_in_which_the_refresh_began_does_not_wait(tmp_path: Path) -> None:
    """`owed demo` writes its files and begins to load them within one second, and the start is told to the second."""
    (tmp_path / "inbox").mkdir()
    file = tmp_path / "inbox" / "new.835"
    file.write_text("ISA")
    entered = datetime.fromtimestamp(file.stat().st_ctime, UTC).replace(tzinfo=None)
    assert count_waiting_files(tmp_path, entered.replace(microsecond=0)) == 0
    assert count_waiting_files(tmp_path, entered.replace(microsecond=0) - timedelta(seconds=1)) == 1


def test_the_newest_finished_run_is_read_past_running_and_broken_ones(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    ended = {"finished_at": "2025-10-01T08:00:00+02:00", "exit_code": 1, "message": "a check failed"}
    (runs / "20251001T0600.json").write_text(json.dumps(ended))
    (runs / "20251002T0600.json").write_text(json.dumps({"finished_at": None, "exit_code": None}))
    (runs / "20251003T0600.json").write_text("{")
    found = last_run(tmp_path)
    assert found is not None
    assert (found.is_good, found.finished_at, found.message) == (False, datetime(2025, 10, 1, 6), "a check failed")  # noqa: DTZ001  UTC, kept naive
    assert last_run(tmp_path / "nowhere") is None


def test_checks_that_did_not_pass_are_told_with_their_run(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    gates = [
        {"check": "a", "status": "fail", "sentence": "opening plus movements is closing", "failure_count": 2},
        {"check": "b", "status": "pass", "sentence": "one row a claim", "failure_count": 0},
    ]
    finished = "2025-09-30T04:00:00+00:00"
    (runs / "1.json").write_text(json.dumps({"finished_at": finished, "status": "failed_checks", "gates": gates}))
    (runs / "2.json").write_text(json.dumps({"finished_at": finished, "status": "published", "gates": []}))
    (runs / "3.json").write_text("{")
    found = gate_history(tmp_path)
    assert [(gate.run_status, gate.status, gate.check, gate.failure_count) for gate in found] == [
        ("failed_checks", "fail", "a", 2)
    ]
    assert gate_history(tmp_path / "nowhere") == []
