"""The run ledger: one JSON a run in `runs/`, written by rename at every step."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

import owed
from owed import files, snapshots
from owed.gates import Gate
from owed.home import Home, now
from owed.words import counted

RUNNING = "running"
PUBLISHED = "published"
UNCHANGED = "unchanged"
FAILED_CHECKS = "failed_checks"
FAILED = "failed"
INTERRUPTED = "interrupted"
ROLLED_BACK = "rolled_back"

_ID_TIME = "%Y%m%dT%H%M%S.%f"


@dataclass
class Stage:
    name: str
    status: str = RUNNING
    seconds: float | None = None


@dataclass
class Run:
    """What one run did. Holds names of files, checks and counts; never what a file says.

    `files` counts what was new, by outcome; `files_before` what earlier runs loaded and did not publish;
    `claims_landed` claims of 837 and answers of 835.
    """

    run_id: str
    command: str
    status: str
    started_at: str
    finished_at: str | None = None
    as_of_date: str | None = None
    run_date: str | None = None
    build: str | None = None
    message: str = ""
    exit_code: int | None = None
    files: dict[str, int] = field(default_factory=dict)
    files_before: int = 0
    claims_landed: int = 0
    gates_passed: int = 0
    gates: list[Gate] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    pid: int = field(default_factory=os.getpid)
    host: str = field(default_factory=socket.gethostname)
    version: str = owed.__version__

    @classmethod
    def new(cls, home: Home, command: str) -> Run:
        """A run not yet saved. Later runs sort later even if the clock went back."""
        moment = datetime.now(UTC)
        for newest in sorted(home.runs.glob("*Z-*.json"), reverse=True)[:1]:
            with suppress(ValueError):
                before = datetime.strptime(newest.name.split("Z-")[0], _ID_TIME).replace(tzinfo=UTC)
                moment = max(moment, before + timedelta(microseconds=1))
        run_id = f"{moment.strftime(_ID_TIME)}Z-{secrets.token_hex(2)}"
        return cls(run_id=run_id, command=command, status=RUNNING, started_at=now().isoformat())

    @contextmanager
    def stage(self, home: Home, name: str) -> Iterator[None]:
        """Records a stage, its outcome and its time, in the ledger and the run's log."""
        stage = Stage(name)
        self.stages.append(stage)
        self.save(home)
        began = monotonic()
        try:
            yield
            stage.status = "done"
        except BaseException:
            stage.status = FAILED
            raise
        finally:
            stage.seconds = round(monotonic() - began, 3)
            self.save(home)
            self.log(home, "stage", name=name, status=stage.status, seconds=stage.seconds)

    def log(self, home: Home, event: str, **details: object) -> None:
        """A line of the run's log (JSON). `details` are counts, hashes, names of checks: no file's content or name."""
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **details}
        with (home.runs / f"{self.run_id}.log").open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(line) + "\n")

    def finish(self, home: Home, status: str, message: str, exit_code: int) -> None:
        self.status, self.message, self.exit_code = status, message, exit_code
        self.finished_at = now().isoformat()
        self.save(home)

    def confirmed_at(self) -> datetime | None:
        """When a run that ended well made sure of what is read: at its end; a rollback, when the build was made."""
        if self.status == ROLLED_BACK and self.build:
            return snapshots.made_at(self.build)
        return datetime.fromisoformat(self.finished_at).astimezone(UTC) if self.finished_at else None

    def told_files(self) -> str:
        """What was new in the run, as a sentence has it."""
        count = sum(self.files.values())
        new = f"{counted(count, 'new file')} ({self.files.get('refused', 0)} refused)"
        return new + (f" and {self.files_before} of earlier runs" if self.files_before else "")

    def told_claims(self) -> str:
        """What was landed of 837 and 835: a claim that was answered counts in both."""
        return "1 claim or answer" if self.claims_landed == 1 else f"{self.claims_landed} claims and answers"

    def save(self, home: Home) -> None:
        files.replace(home.runs / f"{self.run_id}.json", json.dumps(asdict(self), indent=1) + "\n")


def read(path: Path) -> Run | None:
    """The run a ledger file tells of; None where the file is no such thing."""
    try:
        entry: Any = json.loads(path.read_text(encoding="utf-8"))
        known = {name: entry[name] for name in (f.name for f in fields(Run)) if name in entry}
        known["gates"] = [Gate(**gate) for gate in entry.get("gates", [])]
        known["stages"] = [Stage(**stage) for stage in entry.get("stages", [])]
        return Run(**known)
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def history(home: Home, limit: int | None = None) -> list[Run]:
    """Runs, the newest first."""
    paths = sorted(home.runs.glob("*.json"), reverse=True)
    return list(islice((run for run in map(read, paths) if run is not None), limit))


def close_interrupted(home: Home, except_run: str) -> None:
    """Marks runs that ended without saying so; called by the holder of the lock, so none of them is alive."""
    for run in history(home):
        if run.status == RUNNING and run.run_id != except_run:
            at = next((stage.name for stage in reversed(run.stages) if stage.status != "done"), "start")
            message = f"Stopped from outside during {at}; nothing was lost, the next run redoes it."
            run.finish(home, INTERRUPTED, message, 1)
