"""What lies in the inbox: plain files, `.gz` read in place, and each member of a `.zip`."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from loaders.source import Refusal

READ_BYTES = 1 << 20
# A bomb is told by size and ratio together: real X12 packs 10 to 40 times.
LARGEST_CONTENT = 64 << 30
SUSPECT_CONTENT = 256 << 20
LARGEST_RATIO = 250
LARGEST_MEMBERS = 100_000
HIDDEN = (".", "~")


@dataclass(frozen=True)
class InboxFile:
    """One content to load. `name` is its path below the inbox; `path` the file on disk (the zip, for a member)."""

    name: str
    path: Path
    modified_ns: int
    disk_size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True)
class Unreadable:
    """A file of the inbox that could not be opened, and why."""

    name: str
    path: Path
    refusal: Refusal


def scan(inboxes: Sequence[Path]) -> Iterator[InboxFile | Unreadable]:
    """Everything in the inboxes, in the order of names. Hidden files and files being copied (`~`) are left alone."""
    for inbox in inboxes:
        paths = [inbox] if inbox.is_file() else sorted(inbox.rglob("*"))
        for path in paths:
            name = path.name if path == inbox else path.relative_to(inbox).as_posix()
            if any(part.startswith(HIDDEN) for part in Path(name).parts):
                continue
            try:
                if not path.is_file():
                    continue
                yield from _open_path(name, path)
            except OSError as error:
                yield Unreadable(name, path, Refusal("unreadable", f"the file cannot be read: {error.strerror}"))


def _open_path(name: str, path: Path) -> Iterator[InboxFile | Unreadable]:
    status = path.stat()
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic[:2] == b"\x1f\x8b":
        yield InboxFile(name, path, status.st_mtime_ns, status.st_size, partial(_open_gzip, path))
    elif magic == b"PK\x03\x04":
        yield from _zip_members(name, path, status.st_mtime_ns)
    else:
        yield InboxFile(name, path, status.st_mtime_ns, status.st_size, lambda: path.open("rb"))


def _open_gzip(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb"))


def _zip_members(name: str, path: Path, modified_ns: int) -> Iterator[InboxFile | Unreadable]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        yield Unreadable(name, path, Refusal("bad_zip", f"the zip cannot be read: {error}"))
        return
    if len(members) > LARGEST_MEMBERS:
        yield Unreadable(name, path, Refusal("bad_zip", f"the zip has more than {LARGEST_MEMBERS} members"))
        return
    for member in members:
        if member.is_dir():
            continue
        inner = f"{name}/{member.filename}"
        if member.flag_bits & 1:
            yield Unreadable(inner, path, Refusal("encrypted_zip", "the member is encrypted: unpack it first"))
            continue

        def open_member(member: zipfile.ZipInfo = member) -> BinaryIO:
            return _ZipStream(path, member)

        yield InboxFile(inner, path, modified_ns, member.compress_size, open_member)


class _ZipStream(io.BufferedIOBase, BinaryIO):
    """A member's content, closing its archive with it."""

    def __init__(self, path: Path, member: zipfile.ZipInfo) -> None:
        self._archive = zipfile.ZipFile(path)
        self._stream = self._archive.open(member)

    def read(self, size: int | None = -1) -> bytes:
        return self._stream.read(-1 if size is None else size)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        self._archive.close()
        super().close()


@dataclass(frozen=True)
class Content:
    """A file's decompressed content, measured: `file_id` is its SHA-256 (hex); `data` is kept if it is small."""

    file_id: str
    size: int
    head: bytes
    data: bytes | None


def measure(file: InboxFile, keep_bytes: int) -> Content:
    """Read a file once, for its identity. Raises `Refusal` (`decompression_bomb`, `bad_archive`, `unreadable`)."""
    digest, size = hashlib.sha256(), 0
    kept: list[bytes] | None = []
    head = b""
    try:
        with file.open() as stream:
            while block := stream.read(READ_BYTES):
                if not size:
                    head = block[: 64 << 10]
                size += len(block)
                digest.update(block)
                ratio = size / max(file.disk_size, 1)
                if size > LARGEST_CONTENT or (size > SUSPECT_CONTENT and ratio > LARGEST_RATIO):
                    raise Refusal("decompression_bomb", f"unpacks to more than {size >> 20} MiB at {ratio:.0f} to one")
                if kept is not None:
                    kept.append(block)
                    if size > keep_bytes:
                        kept = None
    except OSError as error:
        raise Refusal("unreadable", f"the file cannot be read: {error.strerror or error}") from error
    except (EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise Refusal("bad_archive", f"the archive is broken: {error}") from error
    if head[:4] == b"PK\x03\x04" or head[:2] == b"\x1f\x8b":
        raise Refusal("nested_archive", "an archive within an archive is not read: unpack it first")
    return Content(digest.hexdigest(), size, head, None if kept is None else b"".join(kept))
