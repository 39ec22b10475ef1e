"""Marts to an immutable snapshot: copied to a hidden file, proved, made durable, named, then pointed at.

Where only changed claims were built anew, the file begins as a copy of the last snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from owed import encryption, faults, files, snapshots
from owed.errors import OwedError
from owed.home import Home, now
from owed.snapshots import Snapshot, quoted

SCHEMA = "marts"


@dataclass(frozen=True)
class Relation:
    """A published table: its name, and the descriptions the models give it and its columns.

    `making_way` is the condition, over a row and schema `changed` of the warehouse, on which it makes way in a refresh
    of what changed; None of a model that is made whole.
    """

    name: str
    description: str
    columns: dict[str, str]
    making_way: str | None = None


@dataclass(frozen=True)
class Base:
    """A copy of the last snapshot that a draft begins as; `checksum` is that of the file it was made of."""

    path: Path
    checksum: Future[int]


def relations(nodes: Iterable[Any]) -> list[Relation]:
    """The marts among the manifest's nodes, so that a leftover of a deleted or broken model is never published."""
    found = [
        Relation(
            node.alias,
            node.description,
            {name: column.description for name, column in node.columns.items() if column.description},
            _making_way(node.config),
        )
        for node in nodes
        if node.resource_type == "model" and node.schema == SCHEMA
    ]
    return sorted(found, key=lambda relation: relation.name)


def _making_way(config: Any) -> str | None:
    """The rows of a model that the materialization (macros/changed) made anew: listed by key, or of the newest days."""
    if config.materialized != "incremental":
        return None
    key, scope, dated = config.unique_key, config.meta.get("scope") or config.meta.get("list"), config.meta.get("dated")
    listed = key if scope in (None, "claim", "file") else f"{scope}_{key}"
    condition = f"{key} in (select {_as_text(key)} from warehouse.changed.{listed})"
    return f"{condition} or {dated} >= (select as_of_date from warehouse.changed.state)" if dated else condition


def next_build(home: Home, fingerprint: str) -> str:
    """A build's id: UTC time and the start of the fingerprint. Later builds sort later even if the clock went back."""
    moment = now()
    for snapshot in snapshots.listed(home)[:1]:
        moment = max(moment, snapshots.made_at(snapshot.build) + timedelta(seconds=1))
    return f"{moment:%Y%m%dT%H%M%SZ}-{fingerprint[:7]}"


@contextmanager
def copied(home: Home, snapshot: Snapshot | None) -> Iterator[Base | None]:
    """A copy of the snapshot that is made while the block runs, and goes with it if no draft took it."""
    if snapshot is None:
        yield None
        return
    path = home.published / f".{snapshots.PREFIX}base.tmp"
    try:
        with ThreadPoolExecutor(1) as pool:
            yield Base(path, pool.submit(files.copy, snapshot.path, path))
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def draft(
    home: Home, build: str, memory_limit: str, base: Path | None = None, tidies: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse (read only) and the snapshot file attached under these names.

    The file is empty, or is the one at `base` from then on; `tidies`: what was appended to it is put together.
    On success the file is checkpointed, closed, made durable and given its final name; it is not yet pointed at.
    Whatever goes wrong, no part of it stays.
    """
    path = home.published / f".{snapshots.PREFIX}{build}.tmp"
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "temp_directory": str(home.spill),
            "threads": 2,
            "checkpoint_threshold": "16GB",  # one, at the end
            "max_vacuum_tasks": 100 if tidies else 0,
        },
    )
    try:
        with connection:
            faults.when_free(lambda: encryption.attach(connection, home.warehouse, "warehouse", read_only=True))
            if base:
                base.rename(path)
            encryption.attach(connection, path, "snapshot", is_logged=False)
            connection.execute("set write_buffer_row_group_count = 1")
            connection.execute(f"create schema if not exists snapshot.{SCHEMA}")
            yield connection
            connection.execute("checkpoint snapshot")
            connection.execute("detach snapshot")
        path.chmod(0o400)
        files.sync(path)
        path.rename(snapshots.path_of(home, build))
        files.sync(home.published)
    except BaseException:
        connection.close()
        clear_drafts(home)
        raise


def copy_all(
    connection: duckdb.DuckDBPyConnection, relations: Sequence[Relation], changed_only: bool = False
) -> Iterator[str]:
    """Copies the marts, two at a time, and yields the name of each that is done."""

    def name_of_copied(relation: Relation) -> str:
        with connection.cursor() as cursor:
            copy(cursor, relation, changed_only)
        return relation.name

    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(name_of_copied, relations)


def copy(connection: duckdb.DuckDBPyConnection, relation: Relation, changed_only: bool = False) -> int:
    """Copies one mart, sorted by its first column (a key, mostly the claim's); returns its row count.

    Keys, numbers in the warehouse, are published as text. `changed_only`: the snapshot holds the last build's rows,
    and of an incremental model only what changed is copied.
    """
    table = quoted(relation.name)
    source, target = f"warehouse.{SCHEMA}.{table}", f"snapshot.{SCHEMA}.{table}"
    types = {name: kind for name, kind, *_ in connection.execute(f"describe {source}").fetchall()}
    published = ", ".join(
        f"{_as_text(name)} as {quoted(name)}" if _is_key(name, kind) else quoted(name) for name, kind in types.items()
    )
    # A key sorts as its text does, in less time.
    rows = f"made order by made.{quoted(next(iter(types)))}"
    # One transaction a table: each comment on its own would wait for the disk.
    connection.execute("begin")
    keeps_rows = changed_only and relation.making_way is not None
    if keeps_rows:
        connection.execute(f"delete from {target} where {relation.making_way}")
        connection.execute(f"insert into {target} by name select {published} from warehouse.changed.{table} as {rows}")
    else:
        connection.execute(f"create or replace table {target} as select {published} from {source} as {rows}")
    expected, copied = (
        connection.execute(f"select count(*) from {name}").fetchall()[0][0] for name in (source, target)
    )
    if expected != copied:
        raise OwedError(f"{relation.name}: {copied} rows were copied of {expected}; nothing was published.")
    if not keeps_rows:
        _describe(connection, target, relation, types)
    connection.execute("commit")
    return int(copied)


def _is_key(column: str, kind: str) -> bool:
    return kind == "BIGINT" and column.endswith(("_key", "_id"))


def _as_text(key: str) -> str:
    """A key as it is published: twelve digits and capital letters, which DuckDB keeps within the row.

    The macro `key_as_text` is the twin.
    """
    return f"to_base({quoted(key)}, 36, 12)"


def _describe(connection: duckdb.DuckDBPyConnection, table: str, relation: Relation, columns: Iterable[str]) -> None:
    if relation.description:
        connection.execute(f"comment on table {table} is {_literal(relation.description)}")
    for column, description in relation.columns.items():
        if column in columns:
            connection.execute(f"comment on column {table}.{quoted(column)} is {_literal(description)}")


def publish(home: Home, build: str) -> Snapshot:
    """Points readers at a finished snapshot and lets the oldest go."""
    snapshot = Snapshot(build, snapshots.path_of(home, build))
    snapshots.point(home, snapshot)
    snapshots.prune(home)
    return snapshot


def clear_drafts(home: Home) -> None:
    """Removes what a killed publication left; called by the holder of the lock alone."""
    for path in home.published.glob(".*.tmp*"):
        path.unlink(missing_ok=True)


def _literal(value: object) -> str:
    """A string literal for the statement that takes no parameters (comment)."""
    return "'" + str(value).replace("'", "''") + "'"
