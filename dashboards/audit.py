"""The append-only log of who saw identified rows and who took files away: one JSON object a line, a file a month.

A line holds no name, member id or control number: claims stand in it by their key, which addresses hold too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboards.access import Access

FOLDER = "audit"
LONGEST = 80  # of one value of an address
MOST_CLAIMS = 100  # more than any page shows
_PLAIN = frozenset("period payer payer_class facility responsibility set sum claim contract project kpi side".split())
_PREFIXES = ("f.", "not.", "at.")
_ENDINGS = (".page", ".sort")


class AuditError(Exception):
    """The log cannot be written, so nothing that must be logged may be shown."""


@dataclass(frozen=True)
class Trail:
    """Writes down what one page run shows. `query` is the run's address."""

    home: Path
    access: Access
    page: str = ""
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def viewed(self, columns: Sequence[str], rows: int, claims: Sequence[str]) -> None:
        """Identified rows are about to be shown: their identifying columns, number and claim keys."""
        self._write("view", columns=list(columns), rows=rows, claims=list(claims)[:MOST_CLAIMS])

    def exported(self, name: str, form: str, columns: Sequence[str], rows: int) -> None:
        """A file is about to be handed out; `columns` are its identifying ones, none where they are masked."""
        self._write("export", name=name, format=form, columns=list(columns), rows=rows)

    def _write(self, action: str, **what: Any) -> None:
        now = datetime.now(UTC)
        entry = {
            "at": now.isoformat(timespec="seconds"),
            "who": self.access.who,
            "role": str(self.access.role),
            "action": action,
            "page": self.page,
            "filters": filters_of(self.query),
            **what,
        }
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
        try:
            folder = self.home / FOLDER
            folder.mkdir(mode=0o700, exist_ok=True)
            # One write to a file opened for appending: lines of several sessions do not run into each other.
            descriptor = os.open(folder / f"{now:%Y-%m}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line.encode())
            finally:
                os.close(descriptor)
        except OSError as error:
            raise AuditError(
                f"The audit log in {FOLDER}/ cannot be written ({error.strerror}), so identified rows stay unseen."
            ) from error


def filters_of(query: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The parts of an address that choose rows; whatever else someone wrote there stays out of the log."""
    return {
        name: [value[:LONGEST] for value in values]
        for name, values in query.items()
        if name in _PLAIN or name.startswith(_PREFIXES) or name.endswith(_ENDINGS)
    }


def newest(home: Path, limit: int) -> list[dict[str, Any]]:
    """The newest entries first; a line cut short by a full disk is left out."""
    found: list[dict[str, Any]] = []
    for path in sorted((home / FOLDER).glob("*.jsonl"), reverse=True):
        for line in reversed(path.read_text(encoding="utf-8").splitlines()):
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
            if len(found) == limit:
                return found
    return found
