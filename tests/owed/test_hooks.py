"""A site's own command hears how a refresh ended, and cannot change it."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from owed import ledger
from owed.errors import CheckFailedError
from owed.home import Home
from tests.owed.conftest import Refresh, WritePayers


def keeping(path: Path) -> str:
    program = f"import sys, pathlib; pathlib.Path({str(path)!r}).write_text(sys.stdin.read())"
    return shlex.join([sys.executable, "-c", program])


def test_success_and_failure_are_told_apart(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWED_ON_SUCCESS", keeping(tmp_path / "good.json"))
    monkeypatch.setenv("OWED_ON_FAILURE", keeping(tmp_path / "bad.json"))
    write_payers("Northfield", file="SMITH^JOHN.csv")
    run = run_refresh()
    told = json.loads((tmp_path / "good.json").read_text())
    assert (told["status"], told["build"], told["exit_code"]) == ("published", run.build, 0)
    assert not (tmp_path / "bad.json").exists()
    write_payers("Broken")
    with pytest.raises(CheckFailedError):
        run_refresh()
    text = (tmp_path / "bad.json").read_text()
    assert json.loads(text)["gates"][0]["check"] == "no_broken_payer"
    assert "SMITH" not in text


@pytest.mark.parametrize("command", ["no-such-program-here", "false", "'unbalanced"])
def test_a_hook_that_fails_changes_nothing(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWED_ON_SUCCESS", command)
    write_payers("Northfield")
    run = run_refresh()
    assert (run.status, run.exit_code) == (ledger.PUBLISHED, 0)
    assert '"event": "hook"' in (home.runs / f"{run.run_id}.log").read_text()


def test_the_warehouse_is_closed_when_a_hook_runs(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site's command may copy it: on a day with news, on one without, and when a check failed."""
    told = tmp_path / "told"
    program = (
        f"import duckdb; duckdb.connect({str(home.warehouse)!r}, read_only=True).execute('from raw.files'); "
        f"open({str(told)!r}, 'a').write('opened ')"
    )
    for name in ("OWED_ON_SUCCESS", "OWED_ON_FAILURE"):
        monkeypatch.setenv(name, shlex.join([sys.executable, "-c", program]))
    write_payers("Northfield")
    assert [run_refresh().status for _ in range(2)] == [ledger.PUBLISHED, ledger.UNCHANGED]
    write_payers("Broken")
    with pytest.raises(CheckFailedError):
        run_refresh()
    assert told.read_text() == "opened opened opened "
