"""Where a site's published snapshots stand, and what waits beside them."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

SNAPSHOT_NAME = re.compile(r"owed-(?P<build>[A-Za-z0-9][A-Za-z0-9._+-]*)\.duckdb")


class SnapshotError(Exception):
    """The home's published folder cannot be read; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Snapshot:
    """One immutable published file."""

    path: Path
    build: str


def find_home(arguments: Sequence[str], environment: Mapping[str, str]) -> Path:
    """The site's home: `--home DIR` among `arguments`, else OWED_HOME, else ./home."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--home")
    known, _ = parser.parse_known_args(arguments)
    return Path(known.home or environment.get("OWED_HOME") or "home").absolute()


def current_snapshot(home: Path) -> Snapshot | None:
    """The snapshot that `published/CURRENT` names; None when nothing was ever published.

    Raises SnapshotError when CURRENT names something that is not a snapshot, or one that is gone.
    """
    published = home / "published"
    try:
        name = (published / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotError("The pointer to the current snapshot cannot be read. Check its permissions.") from error
    match = SNAPSHOT_NAME.fullmatch(name)
    if match is None:
        raise SnapshotError("The pointer to the current snapshot is damaged. Run `owed refresh` to publish again.")
    if not (published / name).is_file():
        raise SnapshotError("The current snapshot is gone. Run `owed rollback` to an earlier one, or `owed refresh`.")
    return Snapshot(published / name, match["build"])


def count_waiting_files(home: Path, since: datetime) -> int:
    """How many files came into the inbox, or changed there, after the second `since` (UTC).

    A file moved in keeps its own modification time, so the time of its entry (ctime) counts too. A refresh names its
    start to the second; what came within that second it has mostly loaded.
    """
    moment = (since.replace(tzinfo=UTC, microsecond=0) + timedelta(seconds=1)).timestamp()
    waiting = 0
    for path in (home / "inbox").rglob("*"):
        try:
            status = path.stat()
        except OSError:  # taken away between listing and asking
            continue
        if path.is_file() and not path.name.startswith(".") and max(status.st_mtime, status.st_ctime) >= moment:
            waiting += 1
    return waiting


@dataclass(frozen=True)
class LastRun:
    """How the newest finished run of the refresh ended (UTC). A run that found nothing new publishes nothing."""

    is_good: bool
    finished_at: datetime
    message: str


def last_run(home: Path) -> LastRun | None:
    """The newest finished run the home's run ledger tells of; None when it tells of none."""
    for path in sorted((home / "runs").glob("*.json"), reverse=True)[:_RUNS_READ]:
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            finished = datetime.fromisoformat(entry["finished_at"]).astimezone(UTC).replace(tzinfo=None)
            return LastRun(entry["exit_code"] == 0, finished, str(entry.get("message", "")))
        except (OSError, ValueError, TypeError, KeyError):  # still running, or not a run
            continue
    return None


@dataclass(frozen=True)
class GateOutcome:
    """A check that did not pass in a run: how (`fail`, `warn`), what it says, and of how many rows."""

    finished_at: datetime
    run_status: str
    status: str
    check: str
    sentence: str
    failure_count: int | None


def gate_history(home: Path) -> list[GateOutcome]:
    """The checks that did not pass in the newest runs, the newest first. Failed runs publish nothing but stand here."""
    found: list[GateOutcome] = []
    for path in sorted((home / "runs").glob("*.json"), reverse=True)[:_RUNS_READ]:
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            finished = datetime.fromisoformat(entry["finished_at"]).astimezone(UTC).replace(tzinfo=None)
            found += [
                GateOutcome(
                    finished, entry["status"], gate["status"], gate["check"], gate["sentence"], gate["failure_count"]
                )
                for gate in entry["gates"]
                if gate["status"] != "pass"
            ]
        except (OSError, ValueError, TypeError, KeyError):  # still running, or not a run
            continue
    return found


_RUNS_READ = 20
