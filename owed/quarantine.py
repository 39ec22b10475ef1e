"""What was refused: listed without what it says, and tried again after mending."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loaders.landing import Landing
from owed import faults, lock
from owed.errors import WrongUseError
from owed.home import Home
from owed.ledger import Run
from owed.refresh import open_warehouse


@dataclass(frozen=True)
class Entry:
    """One refused file or record. `raw_text` is None unless it was asked for: it may name a patient."""

    name: str
    file: str
    file_id: str | None
    rule: str
    reason: str
    position: int | None
    run_id: str
    raw_text: str | None


def entries(home: Home, with_raw_text: bool = False) -> list[Entry]:
    """What is in quarantine, by name; an entry is called by its file's name without `.json`."""
    return [_entry(path, with_raw_text) for path in sorted(home.quarantine.glob("*.json"))]


def replay(home: Home, names: Sequence[str]) -> list[Entry]:
    """Forgets these refusals (all, if none is named), so that the next refresh tries the files again.

    For the same bytes under mended circumstances: a newer program, a payer that was not listed, a permission. A file
    that was mended itself has other bytes, and needs no more than to lie in the inbox.
    """
    found = {entry.name: entry for entry in entries(home)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise WrongUseError(f"Not in quarantine: {', '.join(unknown)}. `owed quarantine list` tells what is.")
    chosen = [found[name] for name in names] if names else list(found.values())
    with lock.hold(home, Run.new(home, "quarantine").run_id), faults.explained():
        with open_warehouse(home) as warehouse:
            landing = Landing(warehouse, home.quarantine, "replay")
            landing.prepare()
            for entry in chosen:
                landing.forget_refusal(entry.file_id, entry.file)
        for entry in chosen:
            (home.quarantine / f"{entry.name}.json").unlink(missing_ok=True)
    return chosen


def _entry(path: Path, with_raw_text: bool) -> Entry:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Entry(
        name=path.stem,
        file=content["file"],
        file_id=content["file_id"],
        rule=content["rule"],
        reason=content["reason"],
        position=content["position"],
        run_id=content["run_id"],
        raw_text=content["raw_text"] if with_raw_text else None,
    )
