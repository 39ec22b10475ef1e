"""`owed encrypt`: what a home holds in plain, or under an earlier key, goes under the site's key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from owed import changed, encryption, faults, files, lock, snapshots
from owed.encryption import EncryptionError
from owed.errors import OwedError
from owed.home import Home
from owed.ledger import Run
from owed.refresh import memory_limit, open_warehouse


@dataclass(frozen=True)
class Encrypted:
    """File names: what was encrypted now, and what was already."""

    now: tuple[str, ...]
    before: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.now)} databases encrypted, {len(self.before)} were already."


def encrypt(home: Home, old_key: str | None = None) -> Encrypted:
    """Writes the warehouse and every snapshot anew under the site's key, one after the other, each by rename.

    `old_key`: the one they are encrypted with so far; None: none. Stopped half-way it is run again. Who reads a
    snapshot keeps the file it opened. Raises `EncryptionError` without a key or where `old_key` does not fit.
    """
    key = encryption.key()
    if key is None:
        raise EncryptionError(f"Set {encryption.KEY} or {encryption.KEY_FILE} to the key to encrypt with.")
    now, before = [], []
    with lock.hold(home, Run.new(home, "encrypt").run_id), faults.explained():
        found = [home.warehouse] * home.warehouse.exists() + [snapshot.path for snapshot in snapshots.listed(home)]
        for path in found:
            if _opens(path, key):
                before.append(path.name)
            else:
                _rewrite(path, old_key, key, is_written=path == home.warehouse)
                now.append(path.name)
        rewritten = [snapshot for snapshot in snapshots.listed(home) if snapshot.path.name in now]
        if rewritten and home.warehouse.exists():
            with open_warehouse(home) as warehouse:
                for snapshot in rewritten:
                    changed.note_rewritten(warehouse, snapshot)
    return Encrypted(tuple(now), tuple(before))


def _opens(path: Path, key: str) -> bool:
    with duckdb.connect(":memory:") as connection:
        try:
            encryption.attach_with(connection, path, "database", key, read_only=True)
        except EncryptionError:
            return False
    return True


def _rewrite(path: Path, old_key: str | None, key: str, is_written: bool) -> None:
    """Leaves `path` encrypted with `key`, and no log beside one that is written: it could not be read any more."""
    aside = path.with_name(f".{path.name}.tmp")
    _remove(aside)
    try:
        with duckdb.connect(":memory:", config={"memory_limit": memory_limit(), "temp_directory": ""}) as connection:
            _attach_source(connection, path, old_key, read_only=not is_written)
            encryption.attach_with(connection, aside, "target", key)
            connection.execute("copy from database source to target")
            for name in ["source"] * is_written + ["target"]:
                connection.execute(f"checkpoint {name}")
                connection.execute(f"detach {name}")
        if any(files.log_of(database).exists() for database in (path, aside)):
            raise OwedError(f"{path.name} was not written out whole; it stays as it is.")
        aside.chmod(path.stat().st_mode & 0o777)
        files.sync(aside)
        aside.replace(path)
        files.sync(path.parent)
    except BaseException:
        _remove(aside)
        raise


def _remove(database: Path) -> None:
    for path in (database, files.log_of(database)):
        path.unlink(missing_ok=True)


def _attach_source(connection: duckdb.DuckDBPyConnection, path: Path, old_key: str | None, read_only: bool) -> None:
    try:
        encryption.attach_with(connection, path, "source", old_key, read_only)
    except EncryptionError as error:
        which = "is encrypted: give its key" if old_key is None else "has another key than that given"
        raise EncryptionError(f"{path.name} {which} with --old-key-file.") from error
