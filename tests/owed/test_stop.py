"""Asked to stop (systemd, Ctrl-C), a refresh ends, says so, and leaves what is published."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from owed import ledger, lock, snapshots
from owed.home import Home
from tests.owed.conftest import Refresh, WritePayers


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_stopped_while_building(
    asked: signal.Signals, home: Home, run_refresh: Refresh, write_payers: WritePayers, tiny_project: Path
) -> None:
    write_payers("Northfield")
    before = run_refresh()
    write_payers("Lakeshore")
    slow = tiny_project / "models" / "marts" / "slow.sql"
    slow.write_text("select count(*) as number from range(40000000000) as numbers (number) where number % 7 = 3")
    # Where the tests themselves were started in the background, Ctrl-C is ignored, and every child inherits that.
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "owed", "refresh", "--home", str(home.root)],
            env=dict(os.environ),
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            began = monotonic()
            while monotonic() - began < 120:
                stages = ledger.history(home, 1)[0].stages
                if stages and stages[-1].name == "build":
                    break
                sleep(0.1)
            # Into the slow model.
            sleep(8)
            process.send_signal(asked)
            assert process.wait(60) == 130
    finally:
        signal.signal(signal.SIGINT, inherited)
        slow.unlink()
    assert not lock.is_held(home)
    last = ledger.history(home, 1)[0]
    assert (last.status, last.exit_code) == (ledger.INTERRUPTED, 1)
    current = snapshots.current(home)
    assert current is not None
    assert current.build == before.build
    assert run_refresh().status == ledger.PUBLISHED
