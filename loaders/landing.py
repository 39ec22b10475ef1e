"""The landing: every new file of the inbox into `raw`, whole or not at all.

A content is known by its SHA-256 and loaded once. Small X12 files share a transaction (an insert costs by the call),
others have one each; a file that is refused leaves nothing but its row in `raw.files` and its quarantine entry.
Reference files (payers, contracts, rates) follow the inbox: the newest accepted content of each name is in force, and
one deleted from an inbox that was scanned is so no longer.
"""

from __future__ import annotations

import datetime
import io
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

import duckdb

from loaders import landing_tables, quarantine, reference
from loaders.inbox import Content, InboxFile, Unreadable, measure, scan
from loaders.quality.check import Expectations, RecordFinding
from loaders.source import Finding, LoadResult, Refusal, SourceFile
from loaders.x12 import load as x12
from loaders.x12 import summary
from loaders.x12 import tables as x12_tables

log = logging.getLogger(__name__)

SMALL_FILE = 4 << 20
BATCH_BYTES = 32 << 20
BATCH_FILES = 2_000
LOADED = ("loaded", "loaded_with_findings")
REFERENCE_KINDS = ("payers", "contract", "fee_schedule", "weights", "cms_rates", "price_transparency")


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
class _Candidate:
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


def _reference_loader(candidate: _Candidate) -> reference.Load | None:
    return next((load for recognise, load in reference.LOADERS if recognise(candidate.content.head)), None)


@dataclass
class Landing:
    """Lands files in one warehouse. `quarantine` takes one JSON a refused file or record; `run_id` goes with each."""

    con: duckdb.DuckDBPyConnection
    quarantine: Path
    run_id: str
    _expectations: Expectations | None = field(default=None, init=False)
    _last_number: int = field(default=0, init=False)

    def prepare(self) -> None:
        """Create the `raw` schema and every table the loaders fill, where they are not there yet."""
        landing_tables.create_tables(self.con)
        x12_tables.create_tables(self.con)
        reference.create_tables(self.con)

    def land(self, inboxes: Sequence[Path]) -> Iterator[FileOutcome]:
        """Land what is new in the inboxes (folders, or single files), yielding each new file's outcome."""
        batch: list[_Candidate] = []
        waiting: list[_Candidate] = []
        batch_bytes = 0
        for inbox in inboxes:
            root = str(inbox.resolve())
            seen: list[str] = []
            known = self._known_files(root)
            for file in scan([inbox]):
                seen.append(file.name)
                if isinstance(file, Unreadable):
                    if self._is_new_refusal(file.name, file.refusal):
                        yield self._refuse(file.name, None, 0, file.refusal)
                    continue
                if known.get(file.name) == (file.disk_size, file.modified_ns):
                    continue
                candidate = self._candidate(file, root)
                if isinstance(candidate, FileOutcome):
                    yield candidate
                elif candidate is not None and self._is_batched(candidate):
                    if any(waiting.content.file_id == candidate.content.file_id for waiting in batch):
                        yield from self._land_batch(batch)
                        batch, batch_bytes = [], 0
                        yield from self._again(candidate)
                        continue
                    batch.append(candidate)
                    batch_bytes += candidate.content.size
                    if batch_bytes >= BATCH_BYTES or len(batch) >= BATCH_FILES:
                        yield from self._land_batch(batch)
                        batch, batch_bytes = [], 0
                elif candidate is not None and _reference_loader(candidate) is not None:
                    waiting.append(candidate)
                elif candidate is not None:
                    yield self._land_one(candidate)
            yield from self._land_batch(batch)
            batch, batch_bytes = [], 0
            if inbox.is_dir():
                self._forget_missing(root, seen)
        yield from self._land_waiting(waiting)

    def withdraw(self, file_id: str, refusal: Refusal) -> FileOutcome:
        """Refuse a reference file after it was loaded (a contract whose examples fail): what it replaced stays."""
        row = self.con.execute(
            "SELECT file_name, byte_count FROM raw.files "
            "WHERE file_id = ? AND status IN ('loaded', 'loaded_with_findings')",
            [file_id],
        ).fetchone()
        if row is None:
            raise LookupError(f"no loaded file {file_id}")
        self.con.execute("BEGIN")
        self.con.execute(
            "UPDATE raw.inbox_files SET in_force_file_id = previous_file_id WHERE in_force_file_id = ?", [file_id]
        )
        self.con.execute("DELETE FROM raw.files WHERE file_id = ?", [file_id])
        outcome = self._refuse(row[0], file_id, row[1], refusal)
        self.con.execute("COMMIT")
        return outcome

    def forget_refusal(self, file_id: str | None, file_name: str) -> None:
        """Let the next landing try a refused file again, and forget nothing else. `file_id` None: it was unreadable."""
        self.con.execute(
            "DELETE FROM raw.inbox_files "
            "WHERE file_name = ? AND file_id = ? AND in_force_file_id IS DISTINCT FROM file_id",
            [file_name, file_id],
        )
        self.con.execute(
            "DELETE FROM raw.files WHERE file_name = ? AND file_id IS NOT DISTINCT FROM ? AND status = 'refused'",
            [file_name, file_id],
        )

    # What is known already

    def _known_files(self, root: str) -> dict[str, tuple[int, int]]:
        # A contract may have been refused for what lay beside it, so it is not done with.
        rows = self.con.execute(
            "SELECT file_name, disk_size, modified_ns FROM raw.inbox_files "
            "WHERE inbox = ? AND is_present AND NOT EXISTS (SELECT 1 FROM raw.files "
            "WHERE files.file_id = inbox_files.file_id AND files.file_name = inbox_files.file_name "
            "AND files.status = 'refused' AND files.kind = 'contract')",
            [root],
        ).fetchall()
        return {name: (size, modified) for name, size, modified in rows}

    def _candidate(self, file: InboxFile, root: str) -> _Candidate | FileOutcome | None:
        """A content to load; an outcome if the name is new and the content known or unreadable; else None."""
        try:
            content = measure(file, SMALL_FILE)
        except Refusal as refusal:
            return (
                self._refuse(file.name, None, file.disk_size, refusal)
                if self._is_new_refusal(file.name, refusal)
                else None
            )
        row = self.con.execute(
            "SELECT file_name, kind, status FROM raw.files WHERE file_id = ? "
            "ORDER BY status = 'duplicate', file_number",
            [content.file_id],
        ).fetchall()
        names = {name for name, _, _ in row}
        accepted = next((entry for entry in row if entry[2] in LOADED), None)
        if accepted is not None:
            self._remember(file, root, content.file_id, in_force=content.file_id)
            if file.name in names:
                return None
            self._insert_file(
                self._next_number(), content.file_id, file.name, content.size, LoadResult(accepted[1]), "duplicate"
            )
            return FileOutcome(file.name, content.file_id, accepted[1], "duplicate", byte_count=content.size)
        refused = next((entry for entry in row if entry[2] == "refused"), None)
        if refused is not None and refused[1] not in REFERENCE_KINDS and file.name in names:
            return None
        if refused is not None:
            # A reference file may have been refused for what lay beside it: it is tried anew.
            self.con.execute("DELETE FROM raw.files WHERE file_id = ? AND file_name = ?", [content.file_id, file.name])
        return _Candidate(file, root, content, self._next_number())

    def _again(self, candidate: _Candidate) -> Iterator[FileOutcome]:
        """A content met twice in one batch: now that the first is landed, it is known."""
        outcome = self._candidate(candidate.file, candidate.inbox)
        if isinstance(outcome, FileOutcome):
            yield outcome
        elif outcome is not None:
            yield self._land_one(outcome)

    def _is_new_refusal(self, name: str, refusal: Refusal) -> bool:
        row = self.con.execute(
            "SELECT count(*) FROM raw.files WHERE file_name = ? AND status = 'refused' AND refusal_rule = ?",
            [name, refusal.rule],
        ).fetchone()
        return row == (0,)

    def _next_number(self) -> int:
        row = self.con.execute("SELECT coalesce(max(file_number), 0) FROM raw.files").fetchone()
        assert row is not None
        self._last_number = max(int(row[0]), self._last_number) + 1
        return self._last_number

    def _remember(self, file: InboxFile, root: str, file_id: str, in_force: str | None) -> None:
        """The inbox's newest content under this name; `in_force` None keeps what was in force."""
        row = self.con.execute(
            "SELECT in_force_file_id, previous_file_id FROM raw.inbox_files WHERE inbox = ? AND file_name = ?",
            [root, file.name],
        ).fetchone()
        before, previous = row or (None, None)
        now = in_force or before
        self.con.execute("DELETE FROM raw.inbox_files WHERE inbox = ? AND file_name = ?", [root, file.name])
        self.con.execute(
            "INSERT INTO raw.inbox_files VALUES (?, ?, ?, ?, ?, ?, ?, true)",
            [root, file.name, file_id, now, previous if now == before else before, file.disk_size, file.modified_ns],
        )

    def _forget_missing(self, root: str, seen: Sequence[str]) -> None:
        self.con.execute(
            "UPDATE raw.inbox_files SET is_present = false WHERE inbox = ? AND is_present "
            "AND NOT list_contains(?::VARCHAR[], file_name)",
            [root, list(seen)],
        )

    # Landing

    def _is_batched(self, candidate: _Candidate) -> bool:
        return candidate.content.data is not None and x12.recognise(candidate.content.head) is not None

    def _land_waiting(self, waiting: Sequence[_Candidate]) -> Iterator[FileOutcome]:
        """Reference files, now that it is known what left the inbox.

        One may be refused for what another one here is about to replace, so the refused are tried again for as long
        as any is accepted.
        """
        landed: set[str] = set()
        while waiting:
            refused: list[tuple[_Candidate, Refusal]] = []
            for candidate in waiting:
                if candidate.content.file_id in landed:
                    yield from self._again(candidate)
                    continue
                result = self._attempt(candidate)
                if isinstance(result, Refusal):
                    refused.append((candidate, result))
                else:
                    landed.add(candidate.content.file_id)
                    yield self._outcome(candidate, result)
            if len(refused) == len(waiting):
                for candidate, refusal in refused:
                    yield self._refuse_candidate(candidate, refusal)
                return
            waiting = [candidate for candidate, _ in refused]

    def _land_one(self, candidate: _Candidate) -> FileOutcome:
        result = self._attempt(candidate)
        if isinstance(result, Refusal):
            return self._refuse_candidate(candidate, result)
        return self._outcome(candidate, result)

    def _attempt(self, candidate: _Candidate) -> LoadResult | Refusal:
        """One file in a transaction of its own; a refusal leaves nothing."""
        source = candidate.source
        self.con.execute("BEGIN")
        try:
            if x12.recognise(candidate.content.head) is not None:
                result = x12.load(self.con, source)
                self._finish_x12([(candidate, result)])
            else:
                load = _reference_loader(candidate)
                if load is None:
                    raise Refusal("unknown_kind", "the content is of no kind that is read here")
                # Its earlier content is out of force while the new one is checked against what else is.
                self._remember(candidate.file, candidate.inbox, source.file_id, in_force=source.file_id)
                result = load(self.con, source)
                self._record(candidate, result, [])
            self._remember(candidate.file, candidate.inbox, source.file_id, in_force=source.file_id)
            self.con.execute("COMMIT")
        except Refusal as refusal:
            self.con.execute("ROLLBACK")
            return refusal
        except BaseException:
            self._roll_back()
            raise
        return result

    def _refuse_candidate(self, candidate: _Candidate, refusal: Refusal) -> FileOutcome:
        self._remember(candidate.file, candidate.inbox, candidate.content.file_id, in_force=None)
        return self._refuse(candidate.file.name, candidate.content.file_id, candidate.content.size, refusal)

    def _land_batch(self, batch: Sequence[_Candidate]) -> Iterator[FileOutcome]:
        """Small X12 files in one transaction; if that fails, each alone, so that one file cannot stop the rest."""
        if not batch:
            return
        files = [x12.BatchFile(candidate.source) for candidate in batch]
        self.con.execute("BEGIN")
        try:
            x12.load_batch(self.con, files)
            landed = [
                (candidate, file.outcome)
                for candidate, file in zip(batch, files, strict=True)
                if isinstance(file.outcome, LoadResult)
            ]
            self._finish_x12(landed)
            for candidate, _ in landed:
                self._remember(
                    candidate.file, candidate.inbox, candidate.content.file_id, in_force=candidate.content.file_id
                )
            self.con.execute("COMMIT")
        except (duckdb.Error, ValueError, ArithmeticError, LookupError) as error:
            self._roll_back()
            if len(batch) == 1:
                refusal = Refusal("internal_error", f"{type(error).__name__} while it was being loaded")
                log.exception("a file could not be loaded")
                yield self._refuse(batch[0].file.name, batch[0].content.file_id, batch[0].content.size, refusal)
                return
            for candidate in batch:
                yield from self._land_batch([candidate])
            return
        except BaseException:
            self._roll_back()
            raise
        for candidate, file in zip(batch, files, strict=True):
            if isinstance(file.outcome, Refusal):
                self._remember(candidate.file, candidate.inbox, candidate.content.file_id, in_force=None)
                yield self._refuse(candidate.file.name, candidate.content.file_id, candidate.content.size, file.outcome)
            elif file.outcome is not None:
                yield self._outcome(candidate, file.outcome)

    def _roll_back(self) -> None:
        try:
            self.con.execute("ROLLBACK")
        except duckdb.Error:
            log.debug("nothing to roll back")

    def _finish_x12(self, landed: Sequence[tuple[_Candidate, LoadResult]]) -> None:
        """Counts, checks and file rows of X12 files just inserted, in the open transaction."""
        if not landed:
            return
        numbers = [candidate.number for candidate, _ in landed]
        low, high = min(numbers), max(numbers)
        if self._expectations is None:
            self._expectations = Expectations()
        found: dict[int, list[RecordFinding]] = {}
        for finding in self._expectations.check(self.con, low, high):
            found.setdefault(finding.file_number, []).append(finding)
        counts = summary.counts(self.con, low, high)
        for candidate, result in landed:
            counts.get(candidate.number, summary.Counts()).fill(result)
            self._record(candidate, result, found.get(candidate.number, []))

    def _record(self, candidate: _Candidate, result: LoadResult, records: Sequence[RecordFinding]) -> None:
        """The file's row and findings; records that cannot be used go to quarantine."""
        source = candidate.source
        rows = [
            (source.file_number, f.transaction_number, f.segment_number, f.position, f.rule, f.severity, f.message)
            for f in result.findings
        ] + [
            (source.file_number, r.transaction_number, r.segment_number, None, r.rule, r.severity, r.message)
            for r in records
        ]
        if rows:
            self.con.executemany("INSERT INTO raw.findings VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        result.findings += [
            Finding(
                record.rule,
                record.severity,
                record.message,
                transaction_number=record.transaction_number,
                segment_number=record.segment_number,
                raw_text=summary.record_text(self.con, record) if record.severity == "fail" else None,
            )
            for record in records
        ]
        for number, finding in enumerate(result.findings):
            if finding.severity == "fail":
                quarantine.write(self.quarantine, self.run_id, source.name, source.file_id, finding, number)
        status = "loaded_with_findings" if any(f.severity != "info" for f in result.findings) else "loaded"
        self._insert_file(source.file_number, source.file_id, source.name, source.size, result, status)

    def _insert_file(
        self,
        number: int,
        file_id: str | None,
        name: str,
        size: int,
        result: LoadResult,
        status: str,
        refusal: Refusal | None = None,
    ) -> None:
        self.con.execute(
            "INSERT INTO raw.files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                number,
                file_id,
                name,
                result.kind,
                status,
                refusal.rule if refusal else None,
                refusal.reason if refusal else None,
                refusal.position if refusal else None,
                size,
                result.interchange_count,
                result.transaction_count,
                result.claim_count,
                result.service_line_count,
                result.adjustment_count,
                result.charge_amount,
                result.paid_amount,
                len(result.findings),
                datetime.datetime.now(datetime.UTC).replace(tzinfo=None),
                self.run_id,
            ],
        )

    def _outcome(self, candidate: _Candidate, result: LoadResult) -> FileOutcome:
        status = "loaded_with_findings" if any(f.severity != "info" for f in result.findings) else "loaded"
        return FileOutcome(
            candidate.file.name,
            candidate.content.file_id,
            result.kind,
            status,
            claim_count=result.claim_count,
            finding_count=len(result.findings),
            byte_count=candidate.content.size,
        )

    def _refuse(self, name: str, file_id: str | None, size: int, refusal: Refusal) -> FileOutcome:
        finding = Finding(refusal.rule, "fail", refusal.reason, position=refusal.position, raw_text=refusal.raw_text)
        quarantine.write(self.quarantine, self.run_id, name, file_id, finding, 0)
        self._insert_file(self._next_number(), file_id, name, size, LoadResult(refusal.kind), "refused", refusal)
        return FileOutcome(name, file_id, refusal.kind, "refused", f"{refusal.rule}: {refusal.reason}", byte_count=size)
