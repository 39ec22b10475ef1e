"""The audit log the dashboards keep in the home: who saw identified rows, and who took files away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from owed.home import Home

FOLDER = "audit"


@dataclass(frozen=True)
class Entry:
    """One line of the log as its writer left it."""

    said: dict[str, Any]

    def __str__(self) -> str:
        said = self.said
        what = f"{said['format']} of {said['name']}" if said.get("action") == "export" else "view"
        chosen = ", ".join(f"{name}={'|'.join(values)}" for name, values in said.get("filters", {}).items())
        named = ", ".join(said.get("columns", [])) or "masked"
        return (
            f"{said['at']}  {said['who']} ({said['role']})  {what}, page {said['page']}, {said['rows']} rows ({named})"
            + (f"; {chosen}" if chosen else "")
        )


def entries(home: Home, since: date | None = None, who: str | None = None) -> list[Entry]:
    """The log's entries in order of time, from the day `since` (UTC) on, of one person if `who` is given.

    A line that is no entry, as a full disk leaves one, is left out.
    """
    found = []
    for path in sorted((home.root / FOLDER).glob("*.jsonl")):
        if since and path.stem < f"{since:%Y-%m}":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if (since is None or said["at"] >= since.isoformat()) and who in (None, said["who"]):
                found.append(Entry(said))
    return found
