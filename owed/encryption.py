"""Encryption at rest: the site's key, and the databases of a home opened with it.

With a key DuckDB encrypts a database's file, its log and what it spills (AES-256-GCM; OpenSSL's cipher comes with its
httpfs extension, read from the installed package: nothing is fetched). An encrypted file can only be attached, so a
connection to one is to an empty database in memory that uses the attached one under the name the file gives it.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from owed.errors import WrongUseError

KEY, KEY_FILE = "OWED_ENCRYPTION_KEY", "OWED_ENCRYPTION_KEY_FILE"
EXTENSION = "duckdb_extension_httpfs"

Config = Mapping[str, str | bool | int | float | list[str]]

# With these set nothing can be attached any more, so they come last, in this order.
_LOCKS = ("enable_external_access", "lock_configuration")


class EncryptionError(WrongUseError):
    """The key is missing, wrong or not wanted; the text never holds it."""


def key() -> str | None:
    """The site's key: `$OWED_ENCRYPTION_KEY`, or what the file `$OWED_ENCRYPTION_KEY_FILE` holds; None: no encryption.

    A variable that is set and yields no key is an error: a site that wants encryption must not go without unnoticed.
    """
    given, file = os.environ.get(KEY), os.environ.get(KEY_FILE)
    if given is not None and file is not None:
        raise EncryptionError(f"{KEY} and {KEY_FILE} are both set: keep one.")
    if file is not None:
        return key_in(Path(file))
    if given is not None and not given.strip():
        raise EncryptionError(f"{KEY} is set but empty: give it a key, or unset it.")
    return given.strip() if given is not None else None


def key_in(file: Path) -> str:
    """The key a file holds, without the white space around it. Raises `EncryptionError` where it holds none."""
    try:
        found = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise EncryptionError(f"The key file {file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise EncryptionError(f"The key file {file} holds no text.") from error
    if not found:
        raise EncryptionError(f"The key file {file} is empty.")
    return found


def connect(path: Path, config: Config | None = None, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to a database file as `duckdb.connect` makes it, encrypted if the site has a key.

    A cursor of an encrypted one must `use` the database itself (`catalog_of`). Raises `EncryptionError` where key and
    file do not fit.
    """
    secret, wanted = key(), dict(config or {})
    if secret is None:
        with _explained(path):
            return duckdb.connect(str(path), read_only=read_only, config=wanted)
    wanted.setdefault("temp_directory", f"{path}.tmp")  # as for a file; a database in memory has another
    locks = {name: wanted.pop(name) for name in _LOCKS if name in wanted}
    connection = duckdb.connect(":memory:", config=wanted)
    try:
        attach_with(connection, path, catalog_of(path), secret, read_only)
        connection.execute(f'use "{catalog_of(path)}"')
        if locks:
            connection.execute("detach memory")
        for name, value in locks.items():
            connection.execute(f"set {name} = {value}")
    except BaseException:
        connection.close()
        raise
    return connection


def attach(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, read_only: bool = False, is_logged: bool = True
) -> None:
    """Attaches a database file under `name`, encrypted if the site has a key. Raises as `connect` does.

    What is written to one that is not logged (no `.wal`) is lost unless it comes to a checkpoint; the file stays whole.
    """
    attach_with(connection, path, name, key(), read_only, is_logged)


def catalog_of(path: Path) -> str:
    """The name DuckDB gives a database by its file."""
    return path.name.lstrip(".").split(".")[0]


def without_key(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` for a program that has no need of the key."""
    return {name: value for name, value in environment.items() if name not in (KEY, KEY_FILE)}


def attach_with(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    secret: str | None,
    read_only: bool = False,
    is_logged: bool = True,
) -> None:
    """As `attach`, with this key (None: the file is not encrypted) instead of the site's."""
    options = ["read_only"] * read_only + ["encryption_key ?"] * (secret is not None)
    options += ["recovery_mode no_wal_writes"] * (not is_logged)
    if secret is not None:
        connection.execute(f"load {_literal(_extension())}")
        connection.execute("set temp_file_encryption = true")
    listed = f" ({', '.join(options)})" if options else ""
    with _explained(path):
        # The key is bound: a statement's text may be shown in an error or a log.
        connection.execute(f'attach {_literal(path)} as "{name}"{listed}', [secret] if secret is not None else [])


def _extension() -> Path:
    found = importlib.util.find_spec(EXTENSION)
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
        if path.is_file():
            return path
    raise EncryptionError(
        f"Encryption needs the package {EXTENSION.replace('_', '-')} {duckdb.__version__}: run `make install`."
    )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        told = next((told for text, told in _REASONS if text in str(error)), None)
        if told is None:
            raise
        raise EncryptionError(told.format(name=path.name)) from None


_REASONS = (
    ("without a key", f"{{name}} is encrypted: set {KEY} or {KEY_FILE}."),
    ("Wrong encryption key", "{name} was encrypted with another key than the one given."),
    (
        "is not encrypted",
        f"{{name}} is not encrypted, but {KEY} or {KEY_FILE} is set: unset it, or run `owed encrypt`.",
    ),
)


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
