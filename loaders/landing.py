"""The landing: every new file of the inbox into `raw`, whole or not at all.

A content is known by its SHA-256 and loaded once. Small X12 files share transactions (`loaders.small_files`), others
have one each; a file that is refused leaves nothing but its row in `raw.files` and its quarantine entry.
Reference files (payers, contracts, rates) follow the inbox: the newest accepted content of each name is in force, and
one deleted from an inbox that was scanned is so no longer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import duckdb

from loaders import landing_tables, quarantine, reference
from loaders.ahead import ahead
from loaders.candidate import (
    DATA_ERRORS,
    MACHINE_ERRORS,
    Candidate,
    FileOutcome,
    Unsteady,
    internal_error,
    load_unchanged,
    measured_again,
    reference_loader,
)
from loaders.inbox import Content, InboxFile, measured, scan
from loaders.quality.check import Expectations, Outcome, RecordFinding
from loaders.refused import completed
from loaders.register import Entry, Register, Sighting
from loaders.small_files import BATCH_BYTES, Landed, SmallFiles
from loaders.source import Finding, LoadResult, Refusal
from loaders.x12 import load as x12
from loaders.x12 import summary
from loaders.x12 import tables as x12_tables

__all__ = ["FileOutcome", "Landing"]

SMALL_FILE = 8 << 20
LOADED = ("loaded", "loaded_with_findings")
REFERENCE_KINDS = ("payers", "contract", "fee_schedule", "weights", "cms_rates", "price_transparency")


@dataclass
class Landing:
    """Lands files in one warehouse. `quarantine` takes one JSON a refused file or record; `run_id` goes with each.

    `home` is the folder that inboxes are told from; by default the one that holds the quarantine.
    """

    con: duckdb.DuckDBPyConnection
    quarantine: Path
    run_id: str
    home: Path | None = None
    _expectations: Expectations = field(default_factory=Expectations, init=False)

    def prepare(self) -> None:
        """Create the `raw` schema and every table the loaders fill, where they are not there yet."""
        landing_tables.create_tables(self.con)
        x12_tables.create_tables(self.con)
        reference.create_tables(self.con)

    @cached_property
    def _small(self) -> SmallFiles:
        return SmallFiles(self.con, self._finish_small)

    @cached_property
    def _register(self) -> Register:
        return Register(self.con, self.run_id)

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """How the batches landed so far met the expectation suites, by suite."""
        return self._expectations.outcomes

    def land(self, inboxes: Sequence[Path]) -> Iterator[FileOutcome]:
        """Land what is new in the inboxes (folders, or single files), yielding each new file's outcome."""
        waiting: list[Candidate] = []
        for inbox in inboxes:
            root = self._root(inbox)
            seen: list[str] = []
            for found in self._new_contents(inbox, root, seen):
                if isinstance(found, FileOutcome):
                    yield found
                elif not found.is_small_x12:
                    if reference_loader(found) is not None:
                        waiting.append(found)
                    else:
                        yield from self._settled(self._small.commit)
                        yield self._land_one(found)
                elif found.content.file_id in self._small:
                    yield from self._settled(self._small.commit)
                    yield from self._again(found)
                else:
                    yield from self._settled(partial(self._small.add, found))
            yield from self._settled(self._small.commit)
            if inbox.is_dir():
                self._register.forget_missing(root, seen)
        yield from self._land_waiting(waiting)

    def forget_missing(self, inbox: Path) -> None:
        """Take out of force what has left an inbox, and land nothing."""
        self._register.forget_missing(self._root(inbox), [file.name for file in scan([inbox])])

    def withdraw(self, file_id: str, refusal: Refusal) -> FileOutcome:
        """Refuse a reference file after it was loaded (a contract whose examples fail): what it replaced stays."""
        self.con.execute("BEGIN")
        try:
            outcome = self._refuse(*self._register.out_of_force(file_id), refusal, file_id)
        except BaseException:
            self._roll_back()
            raise
        self.con.execute("COMMIT")
        return outcome

    def forget_refusal(self, file_id: str | None, file_name: str) -> None:
        """Let the next landing try a refused file again, and forget nothing else. `file_id` None: it was unreadable."""
        self._register.forget_refusal(file_id, file_name)

    # What is known already

    def _root(self, inbox: Path) -> str:
        """The name the register knows an inbox by: within a home it is told from there, so that homes may be moved."""
        path, home = inbox.resolve(), (self.home or self.quarantine.parent).resolve()
        if not path.is_relative_to(home):
            return str(path)
        root = path.relative_to(home).as_posix()
        self._register.rename_inbox(str(path), root)
        return root

    def _new_contents(self, inbox: Path, root: str, seen: list[str]) -> Iterator[Candidate | FileOutcome]:
        """What has to be loaded, and outcomes of what need not or cannot be; `seen` is filled with all names."""
        unchanged = self._register.unchanged(root)

        def is_wanted(file: InboxFile) -> bool:
            return unchanged.get(file.name) != (file.disk_size, file.modified_ns)

        for group in ahead(measured(scan([inbox]), is_wanted, SMALL_FILE, BATCH_BYTES)):
            for met in group:
                file, content = met.file, met.content
                seen.append(file.name)
                if isinstance(content, Refusal):
                    if self._register.is_new_refusal(file.name, content):
                        yield from self._settled(self._small.commit)
                        size = file.disk_size if isinstance(file, InboxFile) else 0
                        yield self._refuse(file.name, size, content)
                elif isinstance(file, InboxFile) and content is not None:
                    if self._register.is_known(content.file_id):
                        yield from self._settled(self._small.commit)
                    found = self._candidate(file, root, content)
                    if found is not None:
                        yield found

    def _candidate(self, file: InboxFile, root: str, content: Content) -> Candidate | FileOutcome | None:
        """A content to load; an outcome if the name is new and the content known; else None."""
        entries = self._register.entries(content.file_id)
        names = {name for name, _, _ in entries}
        accepted = next((kind for _, kind, status in entries if status in LOADED), None)
        if accepted is not None:
            self._register.remember([Sighting(file, root, content.file_id, in_force=True)])
            if file.name in names:
                return None
            number = self._register.next_number()
            result = LoadResult(accepted)
            self._register.add([Entry(number, content.file_id, file.name, content.size, result, "duplicate")])
            return FileOutcome(file.name, content.file_id, accepted, "duplicate", byte_count=content.size)
        refused = next((kind for _, kind, status in entries if status == "refused"), None)
        if refused is not None and refused not in REFERENCE_KINDS and file.name in names:
            return None
        if refused is not None:
            # A reference file may have been refused for what lay beside it: it is tried anew.
            self.con.execute("DELETE FROM raw.files WHERE file_id = ? AND file_name = ?", [content.file_id, file.name])
        return Candidate(file, root, content, self._register.next_number())

    def _again(self, candidate: Candidate) -> Iterator[FileOutcome]:
        """A content met twice in one batch: now that the first is landed, it is known."""
        outcome = self._candidate(candidate.file, candidate.inbox, candidate.content)
        if isinstance(outcome, FileOutcome):
            yield outcome
        elif outcome is not None:
            yield self._land_one(outcome)

    # Landing

    def _land_waiting(self, waiting: Sequence[Candidate]) -> Iterator[FileOutcome]:
        """Reference files, now that it is known what left the inbox.

        One may be refused for what another one here is about to replace, so the refused are tried again for as long
        as any is accepted.
        """
        landed: set[str] = set()
        while waiting:
            refused: list[tuple[Candidate, Refusal]] = []
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

    def _land_one(self, candidate: Candidate) -> FileOutcome:
        result = self._attempt(candidate)
        if isinstance(result, Refusal):
            return self._refuse_candidate(candidate, result)
        return self._outcome(candidate, result)

    def _attempt(self, candidate: Candidate) -> LoadResult | Refusal:
        """One file in a transaction of its own; a refusal leaves nothing."""
        self.con.execute("BEGIN")
        try:
            if x12.recognise(candidate.content.head) is not None:
                result = load_unchanged(candidate, lambda: x12.load(self.con, candidate.source))
                self._finish_x12([(candidate, result)])
            else:
                load = reference_loader(candidate)
                if load is None:
                    raise Refusal("unknown_kind", "the content is of no kind that is read here")
                # Its earlier content is out of force while the new one is checked against what else is.
                self._register.remember([candidate.sighting(in_force=True)])
                result = load_unchanged(candidate, lambda: load(self.con, candidate.source))
                self._record([(candidate, result)])
            self.con.execute("COMMIT")
            self._expectations.keep()
        except Refusal as refusal:
            self._roll_back()
            return refusal
        except MACHINE_ERRORS:
            self._roll_back()
            raise
        except DATA_ERRORS as error:
            self._roll_back()
            return internal_error(error)
        except BaseException:
            self._roll_back()
            raise
        return result

    def _settled(self, step: Callable[[], Sequence[Landed]]) -> Iterator[FileOutcome]:
        """What became of the small files that a step of theirs committed; if it failed, of each alone, so that one file
        cannot stop the rest."""
        try:
            landed = step()
        except MACHINE_ERRORS:
            self._roll_back()
            raise
        except DATA_ERRORS:
            self._roll_back()
            for candidate in self._small.give_up():
                yield self._land_alone(candidate)
            return
        except BaseException:
            self._roll_back()
            raise
        if landed:
            self._expectations.keep()
        for candidate, outcome in landed:
            if isinstance(outcome, Refusal):
                yield self._refuse_candidate(candidate, outcome)
            else:
                yield self._outcome(candidate, outcome)

    def _land_alone(self, candidate: Candidate) -> FileOutcome:
        """A small file whose content may have been let go."""
        try:
            return self._land_one(replace(candidate, content=measured_again(candidate, SMALL_FILE)))
        except Refusal as refusal:
            return self._refuse_candidate(candidate, refusal)

    def _roll_back(self) -> None:
        self._expectations.discard()
        with contextlib.suppress(duckdb.Error):  # nothing to roll back
            self.con.execute("ROLLBACK")

    def _finish_small(self, landed: Sequence[Landed]) -> None:
        self._finish_x12([(candidate, outcome) for candidate, outcome in landed if isinstance(outcome, LoadResult)])

    def _finish_x12(self, landed: Sequence[tuple[Candidate, LoadResult]]) -> None:
        """Counts, findings and records of X12 files just inserted, in the open transaction."""
        if not landed:
            return
        numbers = [candidate.number for candidate, _ in landed]
        low, high = min(numbers), max(numbers)
        found: dict[int, list[RecordFinding]] = {}
        for record in self._expectations.check(self.con, low, high):
            found.setdefault(record.file_number, []).append(record)
        counts = summary.counts(self.con, low, high)
        for candidate, result in landed:
            counts.get(candidate.number, summary.Counts()).fill(result)
            result.findings += summary.findings(self.con, candidate.number, found.get(candidate.number, []))
        self._record(landed)

    def _record(self, landed: Sequence[tuple[Candidate, LoadResult]]) -> None:
        """The files' rows and findings; records that cannot be used go to quarantine."""
        for candidate, result in landed:
            source = candidate.source
            for number, finding in enumerate(result.findings):
                if finding.severity == "fail":
                    quarantine.write(self.quarantine, self.run_id, source.name, source.file_id, finding, number)
        self._register.add([candidate.entry(result) for candidate, result in landed])
        self._register.remember([candidate.sighting(in_force=True) for candidate, _ in landed])

    def _outcome(self, candidate: Candidate, result: LoadResult) -> FileOutcome:
        entry = candidate.entry(result)
        return FileOutcome(
            entry.name,
            entry.file_id,
            result.kind,
            entry.status,
            claim_count=result.claim_count,
            finding_count=len(result.findings),
            byte_count=entry.size,
        )

    def _refuse_candidate(self, candidate: Candidate, refusal: Refusal) -> FileOutcome:
        if isinstance(refusal, Unsteady):
            # Nothing is known of the content: the next landing looks at the file again.
            return self._refuse(candidate.file.name, candidate.content.size, refusal)
        self._register.remember([candidate.sighting(in_force=False)])
        refusal = completed(refusal, candidate.content)
        return self._refuse(candidate.file.name, candidate.content.size, refusal, candidate.content.file_id)

    def _refuse(self, name: str, size: int, refusal: Refusal, file_id: str | None = None) -> FileOutcome:
        finding = Finding(refusal.rule, "fail", refusal.reason, position=refusal.position, raw_text=refusal.raw_text)
        quarantine.write(self.quarantine, self.run_id, name, file_id, finding, 0)
        number, result = self._register.next_number(), LoadResult(refusal.kind)
        self._register.add([Entry(number, file_id, name, size, result, "refused", refusal)])
        return FileOutcome(name, file_id, refusal.kind, "refused", f"{refusal.rule}: {refusal.reason}", byte_count=size)
