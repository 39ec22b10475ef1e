"""One refresh at a time: an advisory lock that dies with its process."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import TextIO

import duckdb

from owed import encryption
from owed.errors import LockHeldError, OwedError
from owed.faults import sentence
from owed.home import Home, now


@contextmanager
def hold(home: Home, run_id: str) -> Iterator[None]:
    """Holds the home for one run, or raises `LockHeldError` saying who does.

    The file stays when the lock is gone (removing it would let two processes lock two files of one name); the
    kernel releases the lock however the process ends.
    """
    with home.lock.open("a+", encoding="utf-8") as handle:
        if not _acquire(handle):
            raise LockHeldError(_held(home))
        handle.truncate(0)
        json.dump(
            {
                "run_id": run_id,
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "user": _user(),
                "since": now().isoformat(),
            },
            handle,
        )
        handle.flush()
        try:
            yield
        finally:
            handle.truncate(0)


def is_held(home: Home) -> bool:
    """Whether a refresh is running now."""
    try:
        with home.lock.open("r", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def attach_idle(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Attaches the home's warehouse as `source`, to read. Raises `OwedError` while it is being refreshed."""
    refused = "The warehouse is being refreshed: try again when that is done."
    if is_held(home):  # between its steps a refresh lets the file go, and must find it free again
        raise OwedError(refused)
    try:
        encryption.attach(connection, home.warehouse, "source", read_only=True)
    except duckdb.IOException as error:
        raise OwedError(refused if "lock on file" in str(error) else sentence(str(error)) or str(error)) from error


def _acquire(handle: TextIO) -> bool:
    """Tries for a moment: `is_held` takes the lock for an instant, and must not turn a refresh away."""
    for attempt in range(5):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            sleep(0.05 * attempt)
    return False


def _held(home: Home) -> str:
    try:
        holder = json.loads(home.lock.read_text(encoding="utf-8"))
        return (
            f"Another refresh holds {home.root}: process {holder['pid']} of {holder['user']} on {holder['host']}, "
            f"run {holder['run_id']}, since {holder['since']}."
        )
    except (OSError, ValueError, KeyError):
        return f"A backup, or a refresh that has only just begun, holds {home.root}: run again when it has ended."


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
