"""Runs dbt over one warehouse, in this process."""

from __future__ import annotations

import gc
import hashlib
import importlib.metadata
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from owed import files, fingerprint
from owed.errors import OwedError, redact
from owed.home import project_dir

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

Result = TypeVar("Result")
PARSED = "project.msgpack"
DIGEST_BYTES = hashlib.sha256().digest_size


class Loader(threading.Thread):
    """Loads dbt, and the project as it was kept at `kept`, which take seconds, beside what goes on."""

    def __init__(self, kept: Path) -> None:
        super().__init__(name="dbt")
        self.kept = kept
        self.manifest: Manifest | None = None

    def run(self) -> None:
        is_first = "dbt.cli.main" not in sys.modules
        # Looked through for garbage, what is loaded takes a second more; what dbt is made of stays.
        gc.disable()
        try:
            with suppress(ImportError, OSError):  # whoever needs it is told
                import dbt.adapters.duckdb
                import dbt.cli.main  # noqa: F401

                self.manifest = _kept(self.kept)
        finally:
            if is_first:
                gc.freeze()
            gc.enable()

    def take(self) -> Manifest | None:
        """The project, if it was kept; read anew each time, for a run of dbt changes it."""
        self.join()
        manifest, self.manifest = self.manifest, None
        return manifest or _kept(self.kept)


@cache
def loading(runs: Path) -> Loader:
    """A thread that loads what `invoke` needs of a home's folder `runs`; `invoke` waits for it."""
    loader = Loader(runs / PARSED)
    loader.start()
    return loader


def finish_loading() -> None:
    """Waits for what still loads: an import that goes on while the interpreter shuts down fails, and says so."""
    for thread in threading.enumerate():
        if isinstance(thread, Loader):
            thread.join()


@dataclass(frozen=True)
class Ran:
    """What a dbt command did: its node results (dbt's `RunResult`), good or bad, and the project as dbt read it."""

    results: list[Any]
    manifest: Manifest


def invoke(
    command: Sequence[str],
    root: Path,
    target: Path,
    callbacks: Sequence[Callable[[Any], None]] = (),
    settings: Mapping[str, str] | None = None,
) -> Ran:
    """Runs a dbt command over `root`/warehouse.duckdb.

    No connection to the warehouse may be open in this process, and none is afterwards. `target` is the folder of what
    dbt writes; the project as dbt has read it is kept beside that, for all runs of the same program. `settings` are
    environment variables that models read. Writes no log or results of dbt's own, which may quote data. Raises
    `OwedError` if nothing ran.
    """
    _hear_interrupt()
    loader = loading(target.parent)
    manifest = loader.take()
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner

    arguments = [
        *("--project-dir", str(project_dir()), "--profiles-dir", str(project_dir())),
        *("--target-path", str(target), "--log-path", str(target)),
        *("--quiet", "--log-level", "none", "--log-level-file", "none", "--no-write-json"),
        *("--no-version-check", "--no-send-anonymous-usage-stats", "--no-use-colors"),
    ]
    with _environment(OWED_HOME=str(root), OWED_TARGET=str(target), **(settings or {})):
        try:
            manifest = manifest or _parsed(loader.kept, arguments)
            outcome = dbtRunner(manifest, list(callbacks)).invoke([*command, *arguments])
        finally:
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    return Ran(list(_result(outcome, RunExecutionResult).results), manifest)


def _kept(path: Path) -> Manifest | None:
    """The project as this program and this dbt read it before, which takes seconds; None if it is not there.

    What dbt itself keeps of it serves one database only.
    """
    from dbt.contracts.graph.manifest import Manifest

    if not path.exists():
        return None
    stored = path.read_bytes()
    digest, packed = stored[:DIGEST_BYTES], stored[DIGEST_BYTES:]
    if digest != _digest(packed):
        return None
    manifest = Manifest.from_msgpack(packed)
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def _parsed(path: Path, arguments: Sequence[str]) -> Manifest:
    """The project as dbt reads it, kept at `path`."""
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    manifest = _result(dbtRunner().invoke(["parse", "--no-partial-parse", *arguments]), Manifest)
    packed = manifest.to_msgpack()
    with suppress(FileNotFoundError):  # another process kept the same at this moment
        files.replace(path, _digest(packed) + packed)
    return manifest


def _digest(packed: bytes) -> bytes:
    """Of the project, and of what read it."""
    versions = (importlib.metadata.version(name) for name in ("dbt-core", "dbt-adapters", "dbt-duckdb"))
    return hashlib.sha256(" ".join((fingerprint.program(), *versions)).encode() + packed).digest()


def _result(outcome: dbtRunnerResult, kind: type[Result]) -> Result:
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception
    if not isinstance(outcome.result, kind):
        raise OwedError(f"The models cannot be run: {redact(str(outcome.exception))}")
    return outcome.result


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
