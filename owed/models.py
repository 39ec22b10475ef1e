"""Runs dbt over one warehouse, in this process."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from owed import encryption
from owed.errors import OwedError, redact
from owed.home import project_dir


@contextmanager
def loading() -> Iterator[None]:
    """Loads dbt, which takes seconds, while the block waits for the database."""
    thread = threading.Thread(target=_load, name="dbt")
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _load() -> None:
    import dbt.adapters.duckdb
    import dbt.cli.main  # noqa: F401


def invoke(
    command: Sequence[str],
    root: Path,
    target: Path,
    callbacks: Sequence[Callable[[Any], None]] = (),
    settings: Mapping[str, str] | None = None,
) -> list[Any]:
    """Runs a dbt command over `root`/warehouse.duckdb and returns its node results (dbt's `RunResult`), good or bad.

    No connection to the warehouse may be open in this process, and none is afterwards. `target` is the folder of what
    dbt keeps between runs; `settings` are environment variables that models read. Writes no log of dbt's own, which may
    quote data. Raises `OwedError` if nothing ran.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner

    arguments = [
        *command,
        *("--project-dir", str(project_dir()), "--profiles-dir", str(project_dir())),
        *("--target", "duckdb" if encryption.key() is None else "encrypted"),
        *("--target-path", str(target), "--log-path", str(target)),
        *("--quiet", "--log-level", "none", "--log-level-file", "none"),
        *("--no-version-check", "--no-send-anonymous-usage-stats", "--no-use-colors"),
    ]
    _hear_interrupt()
    with _environment(OWED_HOME=str(root), OWED_TARGET=str(target), **(settings or {})):
        try:
            outcome = dbtRunner(callbacks=list(callbacks)).invoke(arguments)
        finally:
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
            # dbt keeps the words of errors there, which quote the value at fault; the results are returned.
            (target / "run_results.json").unlink(missing_ok=True)
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception
    if not isinstance(outcome.result, RunExecutionResult):
        raise OwedError(f"The models cannot be run: {redact(str(outcome.exception))}")
    return list(outcome.result.results)


def _hear_interrupt() -> None:
    """Puts Python's handler of Ctrl-C back: that of polars does not wake a thread that waits, as one does for dbt's."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT))


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
