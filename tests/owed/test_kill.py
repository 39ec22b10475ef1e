"""Killed anywhere, nothing is lost and nothing is doubled: readers keep the old snapshot, the next run is green."""

from __future__ import annotations

import importlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from owed import ledger, lock, snapshots
from owed.home import Home
from owed.progress import Reporter
from owed.refresh import Request, refresh
from tests.owed import processes
from tests.owed.conftest import Refresh, WritePayers

# (module, name in it, before or after the call): one or more in each stage.
POINTS = [
    ("owed.refresh", "open_warehouse", "after"),
    ("loaders.landing", "Landing._record", "before"),
    ("loaders.landing", "Landing._record", "after"),
    ("owed.fingerprint", "of", "after"),
    ("owed.refresh", "build", "before"),
    ("owed.build", "_Watch.__call__", "after"),
    ("owed.refresh", "build", "after"),
    ("owed.publish", "copy", "before"),
    ("owed.publish", "copy", "after"),
    ("owed.run_tables", "write", "after"),
    ("owed.files", "sync", "before"),
    ("owed.snapshots", "point", "before"),
    ("owed.snapshots", "point", "after"),
    ("owed.snapshots", "prune", "after"),
]


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            die()
        result = function(*arguments, **named)
        die()
        return result

    return wrapped


def refresh_and_die(root: Path, module: str, name: str, when: str) -> None:
    holder: Any = importlib.import_module(module)
    *parents, last = name.split(".")
    for parent in parents:
        holder = getattr(holder, parent)
    if (module, name) == ("owed.files", "sync"):
        # Folders are synced from the first ledger entry on; the snapshot's own sync is the one meant.
        real = holder.sync
        holder.sync = lambda path: die() if path.name.startswith(".owed-") else real(path)
    else:
        setattr(holder, last, wrap(getattr(holder, last), when))
    refresh(Request(Home(root)), Reporter())


@pytest.mark.parametrize(("module", "name", "when"), POINTS)
def test_killed_at_a_stage(
    module: str,
    name: str,
    when: str,
    home: Home,
    run_refresh: Refresh,
    write_payers: WritePayers,
) -> None:
    write_payers("Northfield", file="a.csv")
    before = run_refresh()
    write_payers("Lakeshore", file="b.csv")

    process = processes.start(refresh_and_die, home.root, module, name, when)
    process.join(120)
    assert process.exitcode == -signal.SIGKILL
    assert not lock.is_held(home)

    readable = snapshots.current(home)
    assert readable is not None
    snapshots.verify(readable.path)
    if (name, when) not in {("point", "after"), ("prune", "after")}:
        assert readable.build == before.build

    after = run_refresh()
    assert after.exit_code == 0
    # The line tells of b.csv once it is published, whichever run loaded it.
    told = after.files.get("loaded", 0) + after.files_before
    assert told == (1 if readable.build == before.build else 0)
    assert ("(0 refused) and 1 of earlier runs" in after.message) == (after.files_before == 1)
    killed = ledger.history(home)[1]
    assert killed.status == ledger.INTERRUPTED
    assert "nothing was lost" in killed.message
    with snapshots.open_current(home) as connection:
        names = connection.execute("select payer_name from marts.dim_payers order by all").fetchall()
    assert names == [("Lakeshore",), ("Northfield",)]
    assert not list(home.published.glob(".*"))
    assert not list(home.runs.glob(".*"))


def test_killed_before_anything_was_published(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield", file="a.csv")
    process = processes.start(refresh_and_die, home.root, "owed.refresh", "build", "before")
    process.join(120)
    assert process.exitcode == -signal.SIGKILL

    after = run_refresh()
    assert (sum(after.files.values()), after.files_before) == (0, 1)
    assert "0 new files (0 refused) and 1 of earlier runs" in after.message
