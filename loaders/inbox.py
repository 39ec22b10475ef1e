"""What lies in the inbox: plain files, `.gz` read in place, and each member of a `.zip`."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, cast

from loaders.source import Refusal

READ_BYTES = 1 << 20
# A bomb is told by size and ratio together: real X12 packs 10 to 40 times.
LARGEST_CONTENT = 64 << 30
SUSPECT_CONTENT = 256 << 20
LARGEST_RATIO = 250
LARGEST_MEMBERS = 100_000
LARGEST_GROUP = 2_000
HIDDEN = (".", "~")
# What macOS puts beside each file in a zip; it has the file's name and none of its content.
HIDDEN_FOLDER = "__MACOSX"
READ_ERRORS = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class InboxFile:
    """One content to load. `name` is its path below the inbox; `path` the file on disk (the zip, for a member)."""

    name: str
    path: Path
    modified_ns: int
    disk_size: int
    open: Callable[[], BinaryIO]

    def was_written_to(self) -> bool:
        """Whether the file on disk has another time than when it was met. Raises `OSError` if it is gone."""
        return self.path.stat().st_mtime_ns != self.modified_ns


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
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        yield Unreadable(name, path, Refusal("bad_zip", f"the zip cannot be read: {error}", position=0))
        return
    if len(members) > LARGEST_MEMBERS:
        reason = f"the zip has more than {LARGEST_MEMBERS} members"
        yield Unreadable(name, path, Refusal("bad_zip", reason, position=0))
        return
    # A member is never read past the size it declares, so these bound the whole.
    bomb = _bomb(sum(member.file_size for member in members), path.stat().st_size)
    if bomb is not None:
        yield Unreadable(name, path, bomb)
        return
    for member in members:
        parts = Path(member.filename).parts
        if member.is_dir() or HIDDEN_FOLDER in parts or (parts and parts[-1].startswith(HIDDEN)):
            continue
        inner = f"{name}/{member.filename}"
        if member.flag_bits & 1:
            reason = "the member is encrypted: unpack it first"
            yield Unreadable(inner, path, Refusal("encrypted_zip", reason, position=member.header_offset))
            continue
        yield InboxFile(inner, path, modified_ns, member.compress_size, partial(_open_member, path, member))


def _open_member(path: Path, member: zipfile.ZipInfo) -> BinaryIO:
    archive = zipfile.ZipFile(path)
    try:
        return _ZipStream(archive, archive.open(member))
    except BaseException:
        archive.close()
        raise


def _bomb(size: int, packed: int) -> Refusal | None:
    """A refusal, if `size` bytes from `packed` ones are more than any real file gives."""
    ratio = size / max(packed, 1)
    if size > LARGEST_CONTENT or (size > SUSPECT_CONTENT and ratio > LARGEST_RATIO):
        reason = f"unpacks to {size >> 20} MiB or more at {ratio:.0f} to one"
        return Refusal("decompression_bomb", reason, position=size)
    return None


def unreadable(error: Exception, position: int | None = None) -> Refusal:
    """What is told of a content that could not be read to its end; `position` is how far it was."""
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return Refusal("unreadable", f"the file cannot be read: {error.strerror or error}", position=position)
    return Refusal("bad_archive", f"the archive is broken: {error}", position=position)


class _ZipStream(io.BufferedIOBase, BinaryIO):
    """A member's content, closing its archive with it."""

    def __init__(self, archive: zipfile.ZipFile, stream: IO[bytes]) -> None:
        self._archive, self._stream = archive, stream

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


@dataclass(frozen=True)
class Met:
    """What was met in an inbox: its content, why it cannot be read, or None where it was not asked for."""

    file: InboxFile | Unreadable
    content: Content | Refusal | None


def measured(
    files: Iterable[InboxFile | Unreadable], is_wanted: Callable[[InboxFile], bool], keep_bytes: int, most_bytes: int
) -> Iterator[list[Met]]:
    """The files that are wanted measured, in groups whose kept contents together are hardly more than `most_bytes`."""
    group: list[Met] = []
    kept = 0
    for file in files:
        content: Content | Refusal | None = None
        if isinstance(file, Unreadable):
            content = file.refusal
        elif is_wanted(file):
            try:
                content = measure(file, keep_bytes)
                kept += len(content.data or b"")
            except Refusal as refusal:
                content = refusal
        group.append(Met(file, content))
        if kept >= most_bytes or len(group) >= LARGEST_GROUP:
            yield group
            group, kept = [], 0
    if group:
        yield group


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
                bomb = _bomb(size, file.disk_size)
                if bomb is not None:
                    raise bomb
                if kept is not None:
                    kept.append(block)
                    if size > keep_bytes:
                        kept = None
    except READ_ERRORS as error:
        raise unreadable(error, size) from error
    if head[:4] == b"PK\x03\x04" or head[:2] == b"\x1f\x8b":
        raise Refusal("nested_archive", "an archive within an archive is not read: unpack it first", position=0)
    return Content(digest.hexdigest(), size, head, None if kept is None else b"".join(kept))
