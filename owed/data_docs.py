"""The pages of Great Expectations for what a refresh landed, made beside its other work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import loaders
from loaders.quality.check import Outcome
from loaders.quality.docs import Told
from owed.home import Home
from owed.ledger import Run

MOST_SECONDS = 30


@contextmanager
def beside(home: Home, run: Run, outcomes: Mapping[str, Outcome]) -> Iterator[None]:
    """Makes the pages of these outcomes, by suite, while the block runs; if no row was looked at, the last ones stay.

    Figures do not rest on them: if they cannot be made, only the run's log says so.
    """
    process = _start(home, run, outcomes) if any(outcome.rows for outcome in outcomes.values()) else None
    try:
        yield
    finally:
        if process:
            run.log(home, "data_docs", status=_finish(process))


def _start(home: Home, run: Run, outcomes: Mapping[str, Outcome]) -> subprocess.Popen[bytes] | None:
    told = Told(run.run_id, run.started_at, outcomes).to_json()
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "loaders.quality.docs", str(home.data_docs), told],
            # The program's own folder: no file where the refresh was started can pass for a module.
            cwd=Path(loaders.__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        run.log(home, "data_docs", status="not started")
        return None


def _finish(process: subprocess.Popen[bytes]) -> str:
    try:
        return "done" if process.wait(MOST_SECONDS) == 0 else "failed"
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "stopped"
