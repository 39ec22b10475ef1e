"""Reports of the published snapshot as files: lists for work, forms for payers, the pack for the board.

Each report is a function of an open snapshot; the file's ending chooses the format. No report computes what a model
could: it selects, arranges and writes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from owed.errors import WrongUseError
from owed.reports import board_pack, cms_838, evidence, lists, mrf_allowed_amounts, refund_letters
from owed.reports.stamp import Stamp, stamp_of


@dataclass(frozen=True)
class Options:
    """What a report may be asked for. `month` as 2025-09, `quarter` as 2025Q3; None: the newest closed.

    `frozen` is the folder of frozen months; `reopen` takes a frozen month's figures anew. `project` and `claim` say
    what an evidence packet is of.
    """

    month: str | None = None
    quarter: str | None = None
    frozen: Path | None = None
    reopen: bool = False
    project: str | None = None
    claim: str | None = None


@dataclass(frozen=True)
class Written:
    """The files a report made, and what they rest on."""

    report: str
    files: list[str]
    rows: int
    as_of: str
    build: str

    def as_dict(self) -> dict[str, object]:
        return asdict(self)

    def __str__(self) -> str:
        return f"{', '.join(self.files)}: {self.rows} rows, as of {self.as_of}, build {self.build}"


Writer = Callable[[duckdb.DuckDBPyConnection, Path, Stamp, Options], tuple[list[Path], int]]


def _list(name: str) -> Writer:
    return lambda con, out, stamp, options: lists.write(con, name, out, stamp)


def _refunds(con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp, options: Options) -> tuple[list[Path], int]:
    if out.suffix.lower() == ".pdf":
        return refund_letters.write(con, out, stamp)
    return lists.write(con, "refunds", out, stamp)


def _cms_838(con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp, options: Options) -> tuple[list[Path], int]:
    return cms_838.write(con, out, stamp, options.quarter)


def _board_pack(con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp, options: Options) -> tuple[list[Path], int]:
    return board_pack.write(con, out, stamp, options.month, board_pack.Freezer(options.frozen, options.reopen))


def _evidence(con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp, options: Options) -> tuple[list[Path], int]:
    return evidence.write(con, out, stamp, options.project, options.claim)


def _mrf_allowed_amounts(
    con: duckdb.DuckDBPyConnection, out: Path, stamp: Stamp, options: Options
) -> tuple[list[Path], int]:
    return mrf_allowed_amounts.write(con, out, stamp)


WRITERS: dict[str, Writer] = {
    "board-pack": _board_pack,
    "evidence": _evidence,
    "underpayments": _list("underpayments"),
    "denials": _list("denials"),
    "refunds": _refunds,
    "statements": _list("statements"),
    "reminders": _list("reminders"),
    "agency": _list("agency"),
    "unclaimed-property": _list("unclaimed-property"),
    "credit-trend": _list("credit-trend"),
    "cms-838": _cms_838,
    "mrf-allowed-amounts": _mrf_allowed_amounts,
}


def write(connection: duckdb.DuckDBPyConnection, name: str, out: Path, options: Options | None = None) -> Written:
    """Write report `name` to `out`. Raises `WrongUseError` for a name, format or period there is not."""
    writer = WRITERS.get(name)
    if writer is None:
        raise WrongUseError(f"There is no report {name}: choose one of {', '.join(sorted(WRITERS))}.")
    stamp = stamp_of(connection)
    out.parent.mkdir(parents=True, exist_ok=True)
    files, rows = writer(connection, out, stamp, options or Options())
    return Written(name, [str(path) for path in files], rows, stamp.as_of.isoformat(), stamp.build)
