"""Going back to an earlier snapshot, and what `owed status` and `owed history` say of a home."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from owed import ledger, snapshots
from owed.errors import CheckFailedError, OwedError, WrongUseError
from owed.home import Home
from owed.rollback import rollback
from owed.status import status
from tests.conftest import Owed
from tests.owed.conftest import Refresh, WritePayers


@pytest.fixture
def two_builds(run_refresh: Refresh, write_payers: WritePayers) -> tuple[str, str]:
    write_payers("Northfield")
    first = run_refresh().build
    write_payers("Lakeshore")
    second = run_refresh().build
    assert first is not None
    assert second is not None
    return first, second


def test_rollback_and_forward(home: Home, two_builds: tuple[str, str], run_refresh: Refresh) -> None:
    first, second = two_builds
    run = rollback(home, first)
    assert (run.status, run.build, run.as_of_date, run.exit_code) == (ledger.ROLLED_BACK, first, "2025-12-31", 0)
    with snapshots.open_current(home) as connection:
        assert connection.execute("select payer_name from marts.dim_payers").fetchall() == [("Northfield",)]
    assert status(home).build == first
    assert rollback(home, second).build == second
    rollback(home, first)
    # The inbox has not changed, but what is published is not what it would give: the next refresh publishes anew.
    assert run_refresh().status == ledger.PUBLISHED


def test_rollback_to_a_build_that_is_not_kept(home: Home, two_builds: tuple[str, str]) -> None:
    with pytest.raises(WrongUseError, match=f"Kept: {two_builds[1]}, {two_builds[0]}"):
        rollback(home, "20000101T000000Z-0000000")


def test_status_of_a_good_home(home: Home, two_builds: tuple[str, str]) -> None:
    found = status(home)
    assert found.is_good
    assert found.sentence.startswith(
        f"GOOD: as of 2025-12-31, build {two_builds[1]}, 0 min old, 1 new file (0 refused)"
    )
    assert status(home, timedelta(hours=1)).is_good
    assert not status(home, timedelta(hours=-1)).is_good


def test_status_after_a_rollback(
    home: Home, two_builds: tuple[str, str], run_refresh: Refresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_builds
    made = snapshots.made_at(first)
    for module in ("ledger", "status", "publish"):
        monkeypatch.setattr(f"owed.{module}.now", lambda: made + timedelta(hours=30))
    rollback(home, first)
    found = status(home, timedelta(hours=31))
    assert found.sentence == (
        f"GOOD: as of 2025-12-31, build {first}, an earlier one put back, made {made:%Y-%m-%d %H:%M} UTC, 30 h old"
    )
    assert (found.is_rolled_back, found.built_at, found.age_hours) == (True, made.isoformat(), 30)
    assert not status(home, timedelta(hours=29)).is_good
    assert f"owed_last_success_timestamp_seconds {made.timestamp():.0f}\n" in (home.runs / "metrics.prom").read_text()
    rollback(home, second)
    assert not status(home).is_rolled_back
    rollback(home, first)
    run_refresh()
    found = status(home)
    assert (found.is_rolled_back, found.age_hours) == (False, 0)
    assert "put back" not in found.sentence


def test_status_counts_refused_files_as_the_pages_do(
    home: Home, two_builds: tuple[str, str], run_refresh: Refresh
) -> None:
    assert (status(home).files_refused, "refused in all" in status(home).sentence) == (0, False)
    (home.inbox / "letter.txt").write_text("Dear sir")
    run_refresh()
    assert status(home).sentence.endswith("1 new file (1 refused), 1 refused in all (`owed quarantine list`)")
    assert run_refresh().status == ledger.UNCHANGED
    assert status(home).sentence.endswith("0 new files (0 refused), 1 refused in all (`owed quarantine list`)")
    assert status(home).files_refused == 1


def test_status_after_a_failed_check(
    home: Home, two_builds: tuple[str, str], run_refresh: Refresh, write_payers: WritePayers, owed: Owed
) -> None:
    write_payers("Broken")
    with pytest.raises(CheckFailedError):
        run_refresh()
    found = status(home)
    assert (found.is_good, found.build, found.last_run_status) == (False, two_builds[1], "failed_checks")
    assert "A payer's record is broken" in found.sentence
    shown = owed("status", home=home)
    assert (shown.returncode, shown.stdout.strip()) == (1, found.sentence)


def test_status_of_nothing(home: Home, tmp_path: Path) -> None:
    found = status(home)
    assert (found.is_good, found.build) == (False, None)
    assert "run `owed refresh`" in found.sentence
    with pytest.raises(WrongUseError, match="No home at"):
        status(Home(tmp_path / "nowhere"))


def test_status_of_a_snapshot_that_is_gone_or_damaged(home: Home, two_builds: tuple[str, str]) -> None:
    path = snapshots.path_of(home, two_builds[1])
    path.chmod(0o600)
    path.write_bytes(b"no database")
    assert "owed rollback" in status(home).sentence
    path.unlink()
    found = status(home)
    assert not found.is_good
    assert "missing or damaged" in found.sentence
    with pytest.raises(OwedError, match="owed rollback"):
        snapshots.open_current(home)


def test_history_newest_first(home: Home, two_builds: tuple[str, str], owed: Owed) -> None:
    runs = json.loads(owed("history", "--json", home=home).stdout)
    assert [(run["build"], run["is_kept"], run["is_current"]) for run in runs] == [
        (two_builds[1], True, True),
        (two_builds[0], True, False),
    ]
    assert len(json.loads(owed("history", "--json", "--limit", "1", home=home).stdout)) == 1
    assert two_builds[0] in owed("history", home=home).stdout
