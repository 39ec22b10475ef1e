"""Killed at fifty random moments while files keep arriving: nothing published is ever broken, lost or doubled."""

from __future__ import annotations

import random
from pathlib import Path
from time import monotonic

import pytest

from owed import ledger, snapshots
from owed.home import Home
from owed.progress import Reporter
from owed.refresh import Request, refresh
from tests.owed import processes
from tests.owed.conftest import Refresh, WritePayers

KILLS = 50


def run(root: Path) -> None:
    refresh(Request(Home(root)), Reporter())


def names(home: Home) -> list[str]:
    with snapshots.open_current(home) as connection:
        return [row[0] for row in connection.execute("select payer_name from marts.dim_payers order by all").fetchall()]


@pytest.mark.timeout(900)
def test_killed_anywhere(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    moments = random.Random(20260115)
    write_payers("Payer 000", file="000.csv")
    run_refresh()
    # A second run, now that all is imported, tells how long one takes here; some are to finish.
    began = monotonic()
    run_refresh(full=True)
    latest = 1.3 * (monotonic() - began)
    arrived = ["Payer 000"]
    seen = names(home)
    for number in range(1, KILLS + 1):
        arrived.append(f"Payer {number:03d}")
        write_payers(arrived[-1], file=f"{number:03d}.csv")
        process = processes.start(run, home.root)
        process.join(moments.uniform(0, latest))
        process.kill()
        process.join()
        # What is published is whole, and never goes back.
        readable = names(home)
        assert readable == arrived[: len(readable)]
        assert len(readable) >= len(seen)
        seen = readable
    last = run_refresh()
    assert last.exit_code == 0
    assert names(home) == arrived
    statuses = [entry.status for entry in ledger.history(home)]
    assert ledger.RUNNING not in statuses
    # Many moments fall before a run begins or after it ended: how many depends on what else the machine does.
    assert statuses.count(ledger.INTERRUPTED) >= KILLS // 10
    assert not list(home.published.glob(".*"))
