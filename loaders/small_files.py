"""Small X12 files on their way in: a batch is read in a thread while the one before it is inserted, and many batches
share a transaction, since what is committed by little is written twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import duckdb

from loaders.candidate import Candidate
from loaders.refused import completed
from loaders.source import LoadResult, Refusal
from loaders.x12 import load as x12
from loaders.x12.tables import Rows

BATCH_BYTES = 6 << 20
COMMIT_BYTES = 256 << 20
MOST_FILES = 2_000

# A file and what became of it.
Landed = tuple[Candidate, LoadResult | Refusal]


@dataclass
class SmallFiles:
    """The small files that are not committed yet; `finish` is told of them just before they are.

    Where a method raises, its caller rolls back and takes the files with `give_up`.
    """

    con: duckdb.DuckDBPyConnection
    finish: Callable[[Sequence[Landed]], None]
    _files: dict[str, Candidate] = field(default_factory=dict, init=False)
    _bytes: int = field(default=0, init=False)
    _gathered: list[Candidate] = field(default_factory=list, init=False)
    _gathered_bytes: int = field(default=0, init=False)
    _reading: Future[tuple[list[Landed], list[Rows]]] | None = field(default=None, init=False)
    _inserted: list[Landed] = field(default_factory=list, init=False)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1), init=False)

    def __contains__(self, file_id: str) -> bool:
        return file_id in self._files

    def add(self, candidate: Candidate) -> list[Landed]:
        """Take one more, whose content is not here yet; gives what was committed, if there were enough for it."""
        self._files[candidate.content.file_id] = candidate
        self._bytes += candidate.content.size
        self._gathered.append(candidate)
        self._gathered_bytes += candidate.content.size
        if self._bytes >= COMMIT_BYTES or len(self._files) >= MOST_FILES:
            return self.commit()
        if self._gathered_bytes >= BATCH_BYTES:
            self._advance()
        return []

    def commit(self) -> list[Landed]:
        """Insert and commit all; gives what became of them, in order."""
        while self._gathered or self._reading:
            self._advance()
        landed = self._inserted
        if landed:
            self.finish(landed)
            self.con.execute("COMMIT")
        self.give_up()
        return landed

    def give_up(self) -> list[Candidate]:
        """Forget all files; gives them back in order."""
        files = list(self._files.values())
        self._files, self._bytes = {}, 0
        self._gathered, self._gathered_bytes, self._reading, self._inserted = [], 0, None, []
        return files

    def _advance(self) -> None:
        """Insert what was read; meanwhile what was gathered is being read."""
        read, self._reading = self._reading, None
        if self._gathered:
            self._reading = self._pool.submit(_read, self._gathered)
            self._gathered, self._gathered_bytes = [], 0
        if read is None:
            return
        landed, rows = read.result()
        if not self._inserted:
            self.con.execute("BEGIN")
        x12.insert(self.con, rows)
        self._inserted += landed
        self._files.update((candidate.content.file_id, candidate) for candidate, _ in landed)


def _read(candidates: Sequence[Candidate]) -> tuple[list[Landed], list[Rows]]:
    """Their rows. Of the candidates the bytes are let go: many wait for the commit."""
    files = [x12.BatchFile(candidate.source) for candidate in candidates]
    rows = x12.read_batch(files)
    landed: list[Landed] = []
    for candidate, file in zip(candidates, files, strict=True):
        outcome = file.outcome
        if isinstance(outcome, Refusal):
            outcome = completed(outcome, candidate.content)
        assert outcome is not None
        landed.append((replace(candidate, content=replace(candidate.content, head=b"", data=None)), outcome))
    return landed, rows
