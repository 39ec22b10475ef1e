"""Files that appear whole or not at all, and stay after a power cut."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

BLOCK_BYTES = 1 << 20


def sync(path: Path) -> None:
    """Flushes a file's content, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: str | bytes) -> None:
    """Writes `content` to `path` by rename: a reader sees the old or the new, never a part."""
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("wb") as handle:
        handle.write(content.encode() if isinstance(content, str) else content)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
    sync(path.parent)


def checksum(path: Path) -> int:
    """CRC-32 of a file's content: tells damage, not intent, and costs a fifth of a second a gigabyte."""
    found = 0
    with path.open("rb") as handle:
        while block := handle.read(BLOCK_BYTES):
            found = zlib.crc32(block, found)
    return found


def copy(source: Path, target: Path) -> int:
    """Copies a file's content, and returns the `checksum` of what was read."""
    found = 0
    with source.open("rb") as reader, target.open("xb") as writer:
        while block := reader.read(BLOCK_BYTES):
            writer.write(block)
            found = zlib.crc32(block, found)
    return found


def log_of(database: Path) -> Path:
    """The log that DuckDB keeps beside a database file, of what is not in the file yet."""
    return database.with_name(f"{database.name}.wal")
