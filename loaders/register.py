"""The register of files: what was ever seen, under which names, and what lies in each inbox now."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from loaders.inbox import InboxFile
from loaders.source import LoadResult, Refusal


@dataclass(frozen=True)
class Entry:
    """A file row to be: `status` is that of `rpt_files`."""

    number: int
    file_id: str | None
    name: str
    size: int
    result: LoadResult
    status: str
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Sighting:
    """A content under a name of an inbox; `in_force` false keeps in force what was."""

    file: InboxFile
    inbox: str
    file_id: str
    in_force: bool


class Register:
    """Reads and writes `raw.files`, `raw.findings` and `raw.inbox_files`, many rows at a time."""

    def __init__(self, con: duckdb.DuckDBPyConnection, run_id: str) -> None:
        self._con, self._run_id = con, run_id
        self._last_number = self._value("SELECT coalesce(max(file_number), 0) FROM raw.files")
        # In binary, since a warehouse may know millions of files.
        ids = con.execute("SELECT DISTINCT unhex(file_id) FROM raw.files WHERE file_id IS NOT NULL").fetchall()
        self._ids = {file_id for (file_id,) in ids}

    def next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def unchanged(self, inbox: str) -> dict[str, tuple[int, int]]:
        """By name, the size and time of files that need not be read again."""
        # A contract may have been refused for what lay beside it, so it is not done with.
        rows = self._con.execute(
            "SELECT file_name, disk_size, modified_ns FROM raw.inbox_files "
            "WHERE inbox = ? AND is_present AND NOT EXISTS (SELECT 1 FROM raw.files "
            "WHERE files.file_id = inbox_files.file_id AND files.file_name = inbox_files.file_name "
            "AND files.status = 'refused' AND files.kind = 'contract')",
            [inbox],
        ).fetchall()
        return {name: (size, modified) for name, size, modified in rows}

    def is_known(self, file_id: str) -> bool:
        """Whether a content was ever seen."""
        return bytes.fromhex(file_id) in self._ids

    def entries(self, file_id: str) -> list[tuple[str, str, str]]:
        """Name, kind and status of each row of a content; duplicates last."""
        if not self.is_known(file_id):
            return []
        return self._con.execute(
            "SELECT file_name, kind, status FROM raw.files WHERE file_id = ? "
            "ORDER BY status = 'duplicate', file_number",
            [file_id],
        ).fetchall()

    def is_new_refusal(self, name: str, refusal: Refusal) -> bool:
        return not self._value(
            "SELECT count(*) FROM raw.files WHERE file_name = ? AND status = 'refused' AND refusal_rule = ?",
            [name, refusal.rule],
        )

    def add(self, entries: Sequence[Entry]) -> None:
        """Add file rows and their findings."""
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        self._insert(
            "raw.files",
            [
                {
                    "file_number": entry.number,
                    "file_id": entry.file_id,
                    "file_name": entry.name,
                    "kind": entry.result.kind,
                    "status": entry.status,
                    "refusal_rule": entry.refusal.rule if entry.refusal else None,
                    "refusal_reason": entry.refusal.reason if entry.refusal else None,
                    "refusal_position": entry.refusal.position if entry.refusal else None,
                    "byte_count": entry.size,
                    "interchange_count": entry.result.interchange_count,
                    "transaction_count": entry.result.transaction_count,
                    "claim_count": entry.result.claim_count,
                    "service_line_count": entry.result.service_line_count,
                    "adjustment_count": entry.result.adjustment_count,
                    "charge_amount": entry.result.charge_amount,
                    "paid_amount": entry.result.paid_amount,
                    "finding_count": len(entry.result.findings),
                    "loaded_at": now,
                    "run_id": self._run_id,
                }
                for entry in entries
            ],
        )
        self._ids.update(bytes.fromhex(entry.file_id) for entry in entries if entry.file_id)
        self._insert(
            "raw.findings",
            [
                {
                    "file_number": entry.number,
                    "transaction_number": finding.transaction_number,
                    "segment_number": finding.segment_number,
                    "position": finding.position,
                    "rule": finding.rule,
                    "severity": finding.severity,
                    "message": finding.message,
                }
                for entry in entries
                for finding in entry.result.findings
            ],
        )

    def remember(self, sightings: Sequence[Sighting]) -> None:
        """Make these contents the inboxes' newest under their names."""
        if not sightings:
            return
        names = [[sighting.inbox for sighting in sightings], [sighting.file.name for sighting in sightings]]
        ours = "(inbox, file_name) IN (SELECT (unnest(?::VARCHAR[]), unnest(?::VARCHAR[])))"
        known = {
            (inbox, name): (in_force, previous)
            for inbox, name, in_force, previous in self._con.execute(
                f"SELECT inbox, file_name, in_force_file_id, previous_file_id FROM raw.inbox_files WHERE {ours}",
                names,
            ).fetchall()
        }
        self._con.execute(f"DELETE FROM raw.inbox_files WHERE {ours}", names)
        rows = []
        for sighting in sightings:
            file = sighting.file
            before, previous = known.get((sighting.inbox, file.name), (None, None))
            now = sighting.file_id if sighting.in_force else before
            rows.append(
                {
                    "inbox": sighting.inbox,
                    "file_name": file.name,
                    "file_id": sighting.file_id,
                    "in_force_file_id": now,
                    "previous_file_id": previous if now == before else before,
                    "disk_size": file.disk_size,
                    "modified_ns": file.modified_ns,
                    "is_present": True,
                }
            )
        self._insert("raw.inbox_files", rows)

    def forget_missing(self, inbox: str, seen: Iterable[str]) -> None:
        """What was not seen in the inbox has left it."""
        self._con.execute(
            "UPDATE raw.inbox_files SET is_present = false WHERE inbox = ? AND is_present "
            "AND file_name NOT IN (SELECT unnest(?::VARCHAR[]))",
            [inbox, list(seen)],
        )

    def rename_inbox(self, old: str, new: str) -> None:
        """Know an inbox by another name."""
        self._con.execute("UPDATE raw.inbox_files SET inbox = ? WHERE inbox = ?", [new, old])

    def forget_refusal(self, file_id: str | None, name: str) -> None:
        """Let the next landing try a refused file again; forget nothing else. `file_id` None: it was unreadable."""
        self._con.execute(
            "DELETE FROM raw.inbox_files "
            "WHERE file_name = ? AND file_id = ? AND in_force_file_id IS DISTINCT FROM file_id",
            [name, file_id],
        )
        refused = "file_name = ? AND file_id IS NOT DISTINCT FROM ? AND status = 'refused'"
        self._delete(["findings", "files"], refused, [name, file_id])

    def out_of_force(self, file_id: str) -> tuple[str, int]:
        """Take back a loaded reference file, what it replaced being in force again; gives its name and size."""
        row = self._con.execute(
            "SELECT file_name, byte_count FROM raw.files "
            "WHERE file_id = ? AND status IN ('loaded', 'loaded_with_findings')",
            [file_id],
        ).fetchone()
        if row is None:
            raise LookupError(f"no loaded file {file_id}")
        self._con.execute(
            "UPDATE raw.inbox_files SET in_force_file_id = previous_file_id WHERE in_force_file_id = ?", [file_id]
        )
        numbered = self._con.execute(
            "SELECT table_name FROM information_schema.columns INNER JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'raw' AND column_name = 'file_number' "
            "AND table_type = 'BASE TABLE' AND NOT starts_with(table_name, 'x12_') "
            "ORDER BY table_name = 'files'"
        ).fetchall()
        self._delete([table for (table,) in numbered], "file_id = ?", [file_id])
        return row[0], row[1]

    def _delete(self, tables: Iterable[str], condition: str, parameters: Sequence[Any]) -> None:
        """Delete what stands under the numbers of files, which the next may be given; `files` last."""
        for table in tables:
            self._con.execute(
                f"DELETE FROM raw.{table} WHERE file_number IN (SELECT file_number FROM raw.files WHERE {condition})",
                parameters,
            )

    def _value(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        row = self._con.execute(sql, parameters).fetchone()
        assert row is not None
        return int(row[0])

    def _insert(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        self._con.register("register_rows", pa.Table.from_pylist(list(rows)))
        try:
            self._con.execute(f"INSERT INTO {table} BY NAME FROM register_rows")
        finally:
            self._con.unregister("register_rows")
