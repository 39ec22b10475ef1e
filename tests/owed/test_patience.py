"""A refresh waits for what passes by itself, and does not wait for ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import duckdb
import pytest

from owed import faults, ledger, lock, whatif
from owed.errors import OwedError
from owed.home import Home
from tests.owed.conftest import Refresh, WritePayers

# Reads the warehouse as what-if does: says so, and lets it go after so many seconds.
READER = """
import duckdb, sys, time
with duckdb.connect(sys.argv[1], read_only=True):
    print("open", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def reading(home: Home, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", READER, str(home.warehouse), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def test_a_reader_of_the_warehouse_is_waited_for(home: Home, run_refresh: Refresh, write_payers: WritePayers) -> None:
    write_payers("Northfield")
    run_refresh()
    write_payers("Lakeshore")
    with reading(home, 2) as reader:
        assert run_refresh().status == ledger.PUBLISHED
        assert reader.wait(10) == 0


def test_but_not_for_ever(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_payers("Northfield")
    run_refresh()
    monkeypatch.setattr(faults, "BUSY_SECONDS", 0.5)
    with reading(home, 60) as reader:
        with pytest.raises(OwedError, match="Another program has the warehouse open"):
            run_refresh(full=True)
        reader.terminate()


def test_what_does_not_pass_by_itself_is_tried_once(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"no database" * 2000)
    tried = 0

    def open_damaged() -> duckdb.DuckDBPyConnection:
        nonlocal tried
        tried += 1
        return duckdb.connect(str(damaged))

    with pytest.raises(duckdb.IOException):
        faults.when_free(open_damaged)
    assert tried == 1


def test_what_if_keeps_away_while_a_refresh_runs(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)):
        pass
    contract = home.root / "northfield.contract.yaml"
    contract.write_text(
        "contract: northfield\nname: Northfield\npayer: NORTHFIELD\nclaim_types: [professional]\n"
        "effective: {from: 2025-01-01, to: 2025-12-31}\ndefault: {method: percent_of_charge, percent: 45}\n"
    )
    with lock.hold(home, "a-run"), pytest.raises(OwedError, match="is being refreshed"):
        whatif.whatif(home, contract)


@pytest.mark.parametrize("where", ["in a query of a model", "between queries"])
def test_a_refresh_that_takes_too_long_is_stopped(
    home: Home,
    run_refresh: Refresh,
    write_payers: WritePayers,
    tiny_project: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    write_payers("Northfield")
    before = run_refresh()
    write_payers("Lakeshore")
    slow = tiny_project / "models" / "marts" / "slow.sql"
    began = monotonic()
    with monkeypatch.context() as patch:
        if where == "between queries":
            patch.setattr("owed.fingerprint.of", lambda *_: sleep(120))
        else:
            slow.write_text(
                "select count(*) as number from range(40000000000) as numbers (number) where number % 7 = 3"
            )
        try:
            with pytest.raises(OwedError, match=r"Stopped after 0\.1 minutes") as stopped:
                run_refresh(timeout=0.1)
        finally:
            slow.unlink(missing_ok=True)
    assert stopped.value.exit_code == 1
    assert monotonic() - began < 100
    run = ledger.history(home, 1)[0]
    assert (run.status, run.exit_code) == (ledger.FAILED, 1)
    assert not lock.is_held(home)
    after = run_refresh()
    assert after.status == ledger.PUBLISHED
    assert after.build != before.build
