"""One content on its way into `raw`: what it is, and what may go wrong while it is read."""

from __future__ import annotations

import io
import logging
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import duckdb

from loaders import reference
from loaders.inbox import Content, InboxFile, measure, unreadable
from loaders.register import Entry, Sighting
from loaders.source import LoadResult, Refusal, SourceFile
from loaders.x12 import load as x12

log = logging.getLogger(__name__)

# Faults of the machine, after which nothing more can be landed; any other error is one file's.
MACHINE_ERRORS = (
    duckdb.OperationalError,
    duckdb.FatalException,
    duckdb.InternalError,
    duckdb.InterruptException,
    duckdb.PermissionException,
)
DATA_ERRORS = (duckdb.Error, ValueError, ArithmeticError, LookupError)
_FILE_ERRORS = (OSError, EOFError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file. `kind`, `status` and `refusal_reason` are those of `rpt_files`."""

    file_name: str
    file_id: str | None
    kind: str
    status: str
    refusal_reason: str | None = None
    claim_count: int | None = None
    finding_count: int = 0
    byte_count: int = 0


@dataclass
class Candidate:
    """A content not loaded yet, with its number."""

    file: InboxFile
    inbox: str
    content: Content
    number: int

    @property
    def source(self) -> SourceFile:
        data = self.content.data
        opener: Callable[[], BinaryIO] = self.file.open if data is None else partial(io.BytesIO, data)
        return SourceFile(self.number, self.content.file_id, self.file.name, self.content.size, opener)

    @property
    def is_small_x12(self) -> bool:
        return self.content.data is not None and x12.recognise(self.content.head) is not None

    def entry(self, result: LoadResult) -> Entry:
        """Its row in `raw.files` once it is loaded."""
        status = "loaded_with_findings" if any(f.severity != "info" for f in result.findings) else "loaded"
        return Entry(self.number, self.content.file_id, self.file.name, self.content.size, result, status)

    def sighting(self, in_force: bool) -> Sighting:
        """Its row in `raw.inbox_files`."""
        return Sighting(self.file, self.inbox, self.content.file_id, in_force)


class Unsteady(Refusal):
    """A file that went away or changed while it was being loaded: nothing is known of its content."""


def load_unchanged(candidate: Candidate, load: Callable[[], LoadResult]) -> LoadResult:
    """What `load` gives, if the content is still the one that was measured; a small one is in memory and is.

    Raises `Refusal`: that of `load`, or `Unsteady` (`unreadable`, `bad_archive`, `changed_while_read`).
    """
    try:
        try:
            return load()
        finally:
            if candidate.content.data is None:
                _require_unchanged(candidate)
    except _FILE_ERRORS as error:
        fault = unreadable(error)
        raise Unsteady(fault.rule, fault.reason) from error


def _require_unchanged(candidate: Candidate) -> None:
    # The hash costs a second reading, so only what was written to is read again.
    if candidate.file.was_written_to():
        measured_again(candidate, keep_bytes=0)


def measured_again(candidate: Candidate, keep_bytes: int) -> Content:
    """The candidate's content, read once more. Raises `Unsteady` if it is not the same now."""
    try:
        content = measure(candidate.file, keep_bytes)
    except Refusal as refusal:
        raise Unsteady(refusal.rule, refusal.reason, position=refusal.position) from refusal
    if content.file_id != candidate.content.file_id:
        reason = "the file was written to while it was being read: copy it under a name that begins with ~, then rename"
        raise Unsteady("changed_while_read", reason, position=candidate.content.size)
    return content


def internal_error(error: Exception) -> Refusal:
    """A refusal for a fault of ours that this one file brings out; the log has the trace."""
    log.error("a file could not be loaded", exc_info=error)
    return Refusal("internal_error", f"{type(error).__name__} while it was being loaded")


def reference_loader(candidate: Candidate) -> reference.Load | None:
    """The loader of the first kind of reference file that recognises the content."""
    return next((load for recognise, load in reference.LOADERS if recognise(candidate.content.head)), None)
