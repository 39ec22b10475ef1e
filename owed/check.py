"""`owed check`: what a refresh would do with files, found out in a scratch home; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

import loaders.rates.price_transparency.tables
from loaders import landing_tables, reference
from loaders.candidate import FileOutcome
from loaders.inbox import InboxFile, measure, scan
from loaders.landing import LOADED, Landing
from loaders.source import Refusal
from loaders.x12 import load as x12
from owed import check_report, contract_gate, encryption, lock
from owed.check_report import FindingReport, TransactionReport
from owed.contracts_test import KINDS, failing_examples, rate_files
from owed.errors import WrongUseError
from owed.faults import explained
from owed.home import Home

# Nothing that is landed is compared with these.
NOT_COMPARED = ("findings", *loaders.rates.price_transparency.tables.TABLES)


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


def preview(home: Home, inboxes: Sequence[Path] = ()) -> list[FileOutcome]:
    """What a refresh would tell of the files in these inboxes (none: the home's own). Raises `WrongUseError`."""
    inboxes = home.inboxes(inboxes)
    with _scratch() as (scratch, connection):
        _copy_loaded(connection, home)
        landed = list(_landing(connection, scratch, home).land(inboxes))
        are_tested = contract_gate.are_tested(home, connection)
        connection.close()
        refused = [] if are_tested else contract_gate.refuse_failing(scratch, "check", _open)
    by_file = {(outcome.file_id, outcome.file_name): outcome for outcome in [*landed, *refused]}
    return list(by_file.values())


def check(home: Home, paths: Sequence[Path], with_round_trip: bool = False) -> list[FileReport]:
    """A report on each file, each in a folder and each member of an archive, beside what the home has loaded.

    A reference file stands in for the loaded one of its name. A content that is loaded already is told to be a
    duplicate, and what is in it all the same. Contracts in force that rates given here would refuse are reported too.
    """
    for path in paths:
        if not path.exists():
            raise WrongUseError(f"There is no file {path}.")
    given = [file for file in scan(paths) if isinstance(file, InboxFile)]
    with _scratch() as (scratch, connection):
        _copy_loaded(connection, home)
        replaced = _set_aside(connection, home, given)
        landing = _landing(connection, scratch, home)
        landing.forget_missing(home.inbox)
        reports = _with_transactions(
            connection, given, [FileReport(outcome) for outcome in landing.land(paths)], with_round_trip
        )
        loaded = _loaded(connection, reports)
        reports = [
            replace(report, outcome=replace(report.outcome, status="duplicate"))
            if report.is_good and report.outcome.file_id in loaded
            else report
            for report in reports
        ]
        if any(_is_tested(report) for report in reports):
            # A refresh would land these beside them.
            replaced |= {file.path.resolve() for file in given}
            list(landing.land([path for path in rate_files(home) if path.resolve() not in replaced]))
        return _tested(connection, scratch, reports)


@contextmanager
def _scratch() -> Iterator[tuple[Home, duckdb.DuckDBPyConnection]]:
    """A home to land in, and its warehouse; gone afterwards."""
    with TemporaryDirectory() as folder, explained():
        scratch = Home(Path(folder))
        with _open(scratch) as connection:
            yield scratch, connection


def _open(scratch: Home) -> duckdb.DuckDBPyConnection:
    return landing_tables.connect(scratch.warehouse, scratch.spill, encryption.connect)


def _landing(connection: duckdb.DuckDBPyConnection, scratch: Home, home: Home) -> Landing:
    landing = Landing(connection, scratch.quarantine, "check", home.root)
    landing.prepare()
    return landing


def _copy_loaded(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    """What a landing asks of what is loaded already: the register of files, and the rows of reference files."""
    landing_tables.create_tables(connection)
    reference.create_tables(connection)
    if not home.warehouse.exists():
        return
    lock.attach_idle(connection, home)
    tables = connection.execute(
        """
        select table_name from duckdb_tables()
        where database_name = 'source' and schema_name = 'raw' and table_name not in (select unnest(?))
            and table_name in (
                select table_name from duckdb_tables() where database_name = current_database() and schema_name = 'raw'
            )
        """,
        [NOT_COMPARED],
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"insert into raw.{table} by name from source.raw.{table}")
    connection.execute("detach source")


def _set_aside(connection: duckdb.DuckDBPyConnection, home: Home, given: Iterable[InboxFile]) -> frozenset[Path]:
    """Lets the files given be landed, whatever of them is loaded already: in the copy, what has their names is not.

    A file of the home's inbox has its name there; any other stands in for the loaded one of its name, or else for the
    only one whose name ends so. No X12 is known, since its names mean nothing, nor what was refused. Which contents are
    loaded is kept as `loaded`. Gives the files of the inbox that those given stand in for.
    """
    connection.execute(
        """
        create temp table loaded as select distinct file_id from raw.files
        where status in ('loaded', 'loaded_with_findings')
            and (transaction_count is not null or file_number in (select file_number from raw.files_in_force))
        """
    )
    inbox = home.inbox.resolve()
    known = [name for (name,) in connection.execute("select distinct file_name from raw.files").fetchall()]
    names = set()
    for file in given:
        path = file.path.resolve()
        if path.is_relative_to(inbox) and file.name.endswith(path.name):
            names.add(path.relative_to(inbox).as_posix())
            continue
        ends = [name for name in known if name.endswith(f"/{file.name}")]
        names.update([file.name] if file.name in known or len(ends) != 1 else ends)
    # The numbers stay: another file under one would be given its rows.
    connection.execute(
        "update raw.files set file_id = null, status = 'set_aside' "
        "where status = 'refused' or transaction_count is not null or file_name in (select unnest(?::varchar[]))",
        [list(names)],
    )
    connection.execute("update raw.inbox_files set modified_ns = null")  # each is looked at, changed or not
    return frozenset(inbox / name for name in names)


def _is_tested(report: FileReport) -> bool:
    """Whether the file is new and examples of contracts go by it."""
    return report.outcome.kind in KINDS and report.outcome.status in LOADED


def _loaded(connection: duckdb.DuckDBPyConnection, reports: Iterable[FileReport]) -> frozenset[str]:
    """The contents that the home has loaded."""
    ids = [report.outcome.file_id for report in reports]
    rows = connection.execute("select file_id from loaded where file_id in (select unnest(?::varchar[]))", [ids])
    return frozenset(file_id for (file_id,) in rows.fetchall())


def _tested(connection: duckdb.DuckDBPyConnection, scratch: Home, reports: Sequence[FileReport]) -> list[FileReport]:
    """The reports once the examples that may fail were run: those of the contracts given, or with new rates of all.

    `connection` is that of the scratch home, and is closed.
    """
    given = {report.outcome.file_id: report.outcome.kind for report in reports if _is_tested(report)}
    contracts = connection.execute(
        "select contract_id from raw.contracts inner join raw.files using (file_number) "
        "where file_id in (select unnest(?::varchar[]))",
        [list(given)],
    ).fetchall()
    connection.close()
    if not given:
        return list(reports)
    only = {contract_id for (contract_id,) in contracts} if set(given.values()) == {"contract"} else None
    failing = failing_examples(scratch.warehouse, scratch.runs, only)
    names = {result.file_id: result.file_name for result in failing}
    refusals = contract_gate.refusals(failing)
    others = [
        FileReport(FileOutcome(names[file_id], file_id, "contract", "loaded"))
        for file_id in sorted(refusals.keys() - given.keys())
    ]
    return [
        replace(report, outcome=replace(report.outcome, status="refused", refusal_reason=str(refusals[file_id])))
        if (file_id := report.outcome.file_id or "") in refusals
        else report
        for report in [*reports, *others]
    ]


def _with_transactions(
    connection: duckdb.DuckDBPyConnection,
    given: Iterable[InboxFile],
    reports: Sequence[FileReport],
    with_round_trip: bool,
) -> list[FileReport]:
    """The reports with what was found in each file, of X12 by transaction; a file given twice is told of once."""
    wanted = {report.outcome.file_id for report in reports if report.outcome.file_id}
    sources: dict[str, InboxFile] = {}
    for file in given:
        if (found := _x12_id(file)) in wanted and found is not None:
            sources.setdefault(found, file)
    told = []
    for report in reports:
        source = sources.get(report.outcome.file_id or "")
        if source is not None and report.outcome.status != "duplicate":
            transactions, findings = check_report.of_file(connection, report.outcome, source.open, with_round_trip)
            report = replace(report, transactions=transactions, findings=findings)
        elif report.outcome.finding_count:
            report = replace(report, findings=check_report.findings(connection, report.outcome))
        told.append(report)
    return told


def _x12_id(file: InboxFile) -> str | None:
    try:
        content = measure(file, keep_bytes=0)
    except Refusal:
        return None
    return content.file_id if x12.recognise(content.head) else None
