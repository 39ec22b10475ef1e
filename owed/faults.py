"""Faults of the machine told in words an operator can act on."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TypeVar

import duckdb

from owed.errors import OwedError, redact

# How long a refresh waits for a command that reads the warehouse (what-if, a dry run) to let it go.
BUSY_SECONDS = 60.0
Opened = TypeVar("Opened")

_FULL = "The disk or the quota is full. Free some space and run again; what was published before is untouched."
_DENIED = "Permission denied. The home must belong to the user who runs the refresh; see docs/operations.md."
_READ_ONLY = "The home lies on a read-only file system. Mount it writable and run again."
_DAMAGED = (
    "The warehouse file is damaged. Restore warehouse.duckdb from a backup, or move it away and run again: "
    "a refresh rebuilds it from the inbox. See docs/operations.md."
)
_BUSY = "Another program has the warehouse open. Only the refresh may open it; close the other and run again."
_MEMORY = "Memory ran out. Raise OWED_MEMORY_LIMIT, or run on a machine with more."

_BY_ERRNO = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _READ_ONLY,
}
# DuckDB reports the system's fault in its message; looked for in this order.
_BY_TEXT = (
    ("No space left on device", _FULL),
    ("File too large", _FULL),
    ("Disk quota exceeded", _FULL),
    ("Permission denied", _DENIED),
    ("Read-only file system", _READ_ONLY),
    ("Could not set lock on file", _BUSY),
    ("Conflicting lock", _BUSY),
    ("not a valid DuckDB database file", _DAMAGED),
    ("Corrupt database", _DAMAGED),
    ("corrupt", _DAMAGED),
    ("checksum", _DAMAGED),
    ("Failed to deserialize", _DAMAGED),
    ("Failed to load metadata", _DAMAGED),
    ("Could not read enough bytes", _DAMAGED),
    ("Computed AES tag", _DAMAGED),
    ("Out of Memory", _MEMORY),
    ("could not allocate block", _MEMORY),
)


@contextmanager
def explained() -> Iterator[None]:
    """Turns what the system or DuckDB raises into an `OwedError` that says what to do and quotes no data."""
    try:
        yield
    except OSError as error:
        name = f" ({error.filename})" if error.filename else ""
        text = _BY_ERRNO.get(error.errno or 0)
        raise OwedError(f"{text}{name}" if text else f"{error.strerror or type(error).__name__}{name}.") from error
    except MemoryError as error:
        raise OwedError(_MEMORY) from error
    except duckdb.Error as error:
        raise OwedError(sentence(str(error)) or f"{type(error).__name__}: {redact(str(error))}") from error


def when_free(open_database: Callable[[], Opened]) -> Opened:
    """What `open_database` gives, tried again for a while where another program has the file open.

    That alone passes by itself; any other fault is raised at once.
    """
    began = monotonic()
    while True:
        try:
            return open_database()
        except duckdb.IOException as error:
            if sentence(str(error)) != _BUSY or monotonic() - began > BUSY_SECONDS:
                raise
        sleep(0.25)


def sentence(message: str) -> str | None:
    """What a DuckDB message means to an operator, if it tells of a fault of the machine."""
    return next((told for text, told in _BY_TEXT if text.lower() in message.lower()), None)
