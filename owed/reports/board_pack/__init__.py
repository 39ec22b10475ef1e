"""The board pack: one month for the board, as PDF and as a workbook.

A closed month is frozen: the first pack made of it keeps its figures in the home, and later packs of that month show
the same figures, whatever arrives since. What has changed since is listed, and `--reopen` takes the new figures.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from owed.errors import WrongUseError
from owed.reports import spreadsheet
from owed.reports.board_pack import charts, figures, workbook
from owed.reports.stamp import Stamp
from owed.reports.typeset import write_pdf


@dataclass(frozen=True)
class Freezer:
    """Where frozen months are kept (one JSON each); None: nothing is frozen or read."""

    folder: Path | None
    reopen: bool = False

    def path(self, month: str) -> Path | None:
        return self.folder / f"{month}.json" if self.folder else None


def write(
    con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp, month: str | None, freezer: Freezer
) -> tuple[list[Path], int]:
    """The pack of `month` (2025-09; None: the newest month that is over on the as-of date) as PDF or XLSX."""
    spreadsheet.check_format(out, (".pdf", ".xlsx"))
    first = figures.month_start(month, stamp.as_of)
    data = _frozen(con, stamp, first.strftime("%Y-%m"), figures.collect(con, stamp, first), freezer)
    if out.suffix.lower() == ".xlsx":
        workbook.write(out, data)
    else:
        write_pdf("board_pack", data, out, charts.draw(data))
    return [out], len(data["kpis"])


def _frozen(
    con: duckdb.DuckDBPyConnection, stamp: Stamp, month: str, fresh: dict[str, Any], freezer: Freezer
) -> dict[str, Any]:
    """The month's kept figures with what has changed since; the fresh ones where none are kept yet."""
    fresh = json.loads(json.dumps(fresh, default=str))
    path = freezer.path(month)
    if path is None:
        return fresh
    if path.exists() and not freezer.reopen:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        kept["changes"] = figures.changes(kept, fresh)
        return kept
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(fresh, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.rename(path)
    except OSError as error:
        raise WrongUseError(f"The month cannot be frozen in {path.parent}: {error.strerror}.") from error
    return fresh
