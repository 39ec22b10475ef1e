"""Published snapshots: immutable files and the pointer `CURRENT`; opening one, listing them, going back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from owed import encryption, files
from owed.errors import OwedError, WrongUseError
from owed.home import Home

KEPT = 7
PREFIX, SUFFIX = "owed-", ".duckdb"


@dataclass(frozen=True)
class Snapshot:
    build: str
    path: Path


def made_at(build: str) -> datetime:
    """When a build was made, which its id begins with."""
    return datetime.strptime(build.split("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def path_of(home: Home, build: str) -> Path:
    return home.published / f"{PREFIX}{build}{SUFFIX}"


def listed(home: Home) -> list[Snapshot]:
    """All snapshots that are kept, the newest first."""
    paths = sorted(home.published.glob(f"{PREFIX}*{SUFFIX}"), reverse=True)
    return [Snapshot(path.name.removeprefix(PREFIX).removesuffix(SUFFIX), path) for path in paths]


def current(home: Home) -> Snapshot | None:
    """The snapshot `CURRENT` names; None before the first publication."""
    try:
        name = (home.published / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    if not (name.startswith(PREFIX) and name.endswith(SUFFIX) and Path(name).name == name):
        raise OwedError(
            "published/CURRENT names no snapshot: run `owed rollback BUILD` with a build of `owed history`."
        )
    return Snapshot(name.removeprefix(PREFIX).removesuffix(SUFFIX), home.published / name)


def open_current(home: Home) -> duckdb.DuckDBPyConnection:
    snapshot = current(home)
    if snapshot is None:
        raise WrongUseError(f"Nothing is published in {home.root} yet: run `owed refresh`.")
    return open_snapshot(snapshot.path)


def open_snapshot(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that can read this file's tables and do nothing else: not write, attach, load or read files."""
    try:
        return encryption.connect(
            path,
            read_only=True,
            config={
                "enable_external_access": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": "",
                "lock_configuration": "true",
            },
        )
    except (duckdb.Error, OSError) as error:
        raise OwedError(
            f"{path.name} cannot be opened: it is missing or damaged. "
            "`owed rollback BUILD` republishes an earlier one; `owed refresh --full` makes a new one."
        ) from error


def as_of(home: Home) -> str | None:
    """The as-of date (ISO) of the current snapshot."""
    with open_current(home) as connection:
        row = connection.execute(
            "select cast(as_of_date as varchar) from marts.rpt_refresh where input_fingerprint is not null"
        ).fetchone()
    return row[0] if row else None


def verify(path: Path) -> None:
    """Reads every table of the snapshot through, so that a damaged block is found before a reader meets it."""
    with open_snapshot(path) as connection:
        try:
            tables = connection.execute(
                "select table_name from information_schema.tables where table_schema = 'marts'"
            ).fetchall()
            for (table,) in tables:
                # A hash of whole rows reads every block; a count would be answered from the metadata.
                connection.execute(f"select bit_xor(hash(each_row)) from marts.{quoted(table)} as each_row").fetchall()
        except duckdb.Error as error:
            raise OwedError(f"{path.name} is damaged.") from error


def point(home: Home, snapshot: Snapshot) -> None:
    """Makes `snapshot` the one that is read from now on."""
    files.replace(home.published / "CURRENT", snapshot.path.name + "\n")


def prune(home: Home, kept: int = KEPT) -> None:
    """Removes the oldest snapshots; a reader that has one open keeps it until done."""
    in_use = current(home)
    for snapshot in listed(home)[kept:]:
        if in_use is None or snapshot.build != in_use.build:
            snapshot.path.unlink(missing_ok=True)


def rollback(home: Home, build: str) -> Snapshot:
    """Republishes an earlier snapshot after reading it through."""
    found = next((snapshot for snapshot in listed(home) if snapshot.build == build), None)
    if found is None:
        known = ", ".join(snapshot.build for snapshot in listed(home)) or "none"
        raise WrongUseError(f"No snapshot of build {build} is kept. Kept: {known}.")
    verify(found.path)
    point(home, found)
    return found


def quoted(identifier: str) -> str:
    """An identifier as SQL wants it; values are bound instead."""
    return '"' + identifier.replace('"', '""') + '"'
