"""One refresh at a time."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from owed import lock
from owed.errors import LockHeldError
from owed.home import Home
from tests.conftest import Owed


def hold(root: Path, held: Event) -> None:
    with lock.hold(Home(root), "20260101T000000Z-beef"):
        held.set()
        signal.pause()


@pytest.fixture
def holder(home: Home) -> multiprocessing.process.BaseProcess:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    process = context.Process(target=hold, args=(home.root, held), daemon=True)
    process.start()
    assert held.wait(60)
    return process


def test_the_second_refresh_is_told_who_holds_the_home(
    home: Home, holder: multiprocessing.process.BaseProcess, owed: Owed, tiny: Path
) -> None:
    for command in (["refresh"], ["rollback", "20260101T000000Z-aaaaaaa"]):
        turned_away = owed(*command, home=home)
        assert turned_away.returncode == 75
        assert f"process {holder.pid} of " in turned_away.stderr
        assert "run 20260101T000000Z-beef" in turned_away.stderr
    as_json = owed("refresh", "--json", home=home)
    assert json.loads(as_json.stdout)["exit_code"] == 75
    assert list(home.runs.glob("*.json")) == []
    assert json.loads(owed("status", "--json", home=home).stdout)["is_running"] is True


def test_the_lock_dies_with_its_process(home: Home, holder: multiprocessing.process.BaseProcess) -> None:
    assert lock.is_held(home)
    assert holder.pid is not None
    os.kill(holder.pid, signal.SIGKILL)
    holder.join(30)
    assert not lock.is_held(home)
    with lock.hold(home, "next"):
        assert lock.is_held(home)
    assert not lock.is_held(home)


def test_a_home_never_locked_is_free(home: Home) -> None:
    assert not lock.is_held(home)


def test_a_holder_that_does_not_name_itself(home: Home) -> None:
    """A refresh before it has written its name, or a backup, which `docs/operations.md` lets lock the home."""
    with home.lock.open("a+") as backup:
        fcntl.flock(backup, fcntl.LOCK_SH)
        told = "A backup, or a refresh that has only just begun, holds"
        with pytest.raises(LockHeldError, match=told), lock.hold(home, "second"):
            pass
