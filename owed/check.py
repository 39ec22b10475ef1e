"""`owed check`: what a refresh would do with files, found out in a scratch database; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from loaders import landing_tables
from loaders.inbox import InboxFile, Unreadable, measure, scan
from loaders.landing import FileOutcome, Landing
from loaders.source import Refusal
from loaders.x12 import load as x12
from owed import check_report, contract_gate, encryption
from owed.check_report import FindingReport, TransactionReport
from owed.contracts_test import rate_files, test_files
from owed.errors import WrongUseError
from owed.faults import explained
from owed.home import Home

# Tables of larger files go to disk, so that a file of any size can be checked.
MOST_IN_MEMORY = 64 << 20


@dataclass(frozen=True)
class FileReport:
    """What would become of one file; of X12 also its transactions, and the findings that are on none of them."""

    outcome: FileOutcome
    transactions: tuple[TransactionReport, ...] = ()
    findings: tuple[FindingReport, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether it is accepted and, if that was asked for, comes back from the tables as it is."""
        lost = any(report.round_trip and report.round_trip.first_difference for report in self.transactions)
        return self.outcome.status != "refused" and not lost


def preview(home: Home, inboxes: Sequence[Path]) -> list[FileOutcome]:
    """What `check` says of the files no refresh has met yet, whatever they are called."""
    known: set[str] = set()
    if home.warehouse.exists():
        with explained(), encryption.connect(home.warehouse, read_only=True) as warehouse:
            known = {row[0] for row in warehouse.execute("select file_id from raw.files").fetchall()}
    new = {file.path: None for file in scan(inboxes) if isinstance(file, Unreadable) or _hash(file) not in known}
    return [report.outcome for report in check(home, list(new), with_transactions=False)]


def check(
    home: Home, paths: Sequence[Path], with_transactions: bool = True, with_round_trip: bool = False
) -> list[FileReport]:
    """A report on each file, or on each member of an archive, as if together they were a new home's inbox.

    Examples of contracts may use the rates in `home`, if there is one.
    """
    for path in paths:
        if not path.is_file():
            raise WrongUseError(f"There is no file {path}.")
    with TemporaryDirectory() as scratch, explained():
        with _database(paths, Path(scratch)) as connection:
            landing = Landing(connection, Path(scratch), "check")
            landing.prepare()
            reports = [FileReport(outcome) for outcome in landing.land(paths)]
            if with_transactions or with_round_trip:
                reports = _with_transactions(connection, paths, reports, with_round_trip)
        if not any(report.outcome.kind == "contract" and report.outcome.status != "refused" for report in reports):
            return reports
        tested = test_files([*paths, *rate_files(home)], Path(scratch) / "dbt")
    refusals = contract_gate.refusals(result for result in tested.results if not result.passed)
    return [
        replace(
            report,
            outcome=replace(
                report.outcome, status="refused", refusal_reason=str(refusals[report.outcome.file_id]), claim_count=None
            ),
        )
        if report.outcome.file_id in refusals
        else report
        for report in reports
    ]


def _database(paths: Sequence[Path], scratch: Path) -> duckdb.DuckDBPyConnection:
    if encryption.key() is None and sum(path.stat().st_size for path in paths) <= MOST_IN_MEMORY:
        return duckdb.connect(":memory:", config={"temp_directory": str(scratch / "spill")})
    return landing_tables.connect(scratch / "check.duckdb", scratch / "spill", encryption.connect)


def _with_transactions(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], reports: Sequence[FileReport], with_round_trip: bool
) -> list[FileReport]:
    """The reports with what is to be told of each X12 transaction; a duplicate is told by its first file alone."""
    wanted = {report.outcome.file_id for report in reports if report.outcome.file_id}
    sources: dict[str, InboxFile] = {}
    for file in scan(paths):
        if isinstance(file, InboxFile) and (found := _x12_id(file)) in wanted and found is not None:
            sources.setdefault(found, file)
    told = []
    for report in reports:
        source = sources.get(report.outcome.file_id or "")
        if source is not None and report.outcome.status != "duplicate":
            transactions, findings = check_report.of_file(connection, report.outcome, source.open, with_round_trip)
            report = replace(report, transactions=transactions, findings=findings)
        told.append(report)
    return told


def _x12_id(file: InboxFile) -> str | None:
    try:
        content = measure(file, keep_bytes=0)
    except Refusal:
        return None
    return content.file_id if x12.recognise(content.head) else None


def _hash(file: InboxFile) -> str | None:
    try:
        return measure(file, keep_bytes=0).file_id
    except Refusal:
        return None
