"""Files before they count: check."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from owed.cli.common import HomeOption, JsonOption, show, told
from owed.errors import EXIT_FAILED
from owed.home import find_home
from owed.words import counted

if TYPE_CHECKING:
    from owed.check import FileReport
    from owed.check_report import FindingReport, TransactionReport

commands = typer.Typer()
# So many accepted transactions without findings are named one by one; JSON has them all.
MOST_ACCEPTED = 20


@commands.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Files to validate.", metavar="FILE...")],
    round_trip: Annotated[
        bool,
        typer.Option(
            "--roundtrip", help="Also write each transaction back from the tables and compare it to the file."
        ),
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Validate files and tell what a refresh would do with them and with each X12 transaction in them.

    They are looked at together and beside what the home has loaded; a reference file stands in for the loaded one of
    its name.

    Exit code 1 if one would be refused, or would not come back from the tables as it is.
    """
    from owed.check import check as check_files

    reports = check_files(find_home(home), files, with_round_trip=round_trip)
    show(
        [
            {
                **dataclasses.asdict(report.outcome),
                "findings": [dataclasses.asdict(finding) for finding in report.findings],
                "transactions": [dataclasses.asdict(transaction) for transaction in report.transactions],
            }
            for report in reports
        ],
        "\n".join(line for report in reports for line in _lines(report)),
        as_json,
    )
    if not all(report.is_good for report in reports):
        raise typer.Exit(EXIT_FAILED)


def _lines(report: FileReport) -> Iterator[str]:
    yield told([report.outcome])
    yield from (_finding(finding) for finding in report.findings)
    accepted = 0
    for transaction in report.transactions:
        is_plain = transaction.status == "accepted" and not transaction.findings
        accepted += is_plain
        if not is_plain or accepted <= MOST_ACCEPTED or not _came_back(transaction):
            yield from _transaction(transaction)
    if accepted > MOST_ACCEPTED:
        yield f"  and {accepted - MOST_ACCEPTED} more accepted"
    compared = [transaction.round_trip for transaction in report.transactions if transaction.round_trip]
    if compared:
        same, count = (sum(getattr(trip, name) for trip in compared) for name in ("same_count", "segment_count"))
        yield f"  written back from the tables: {same} of {count} segments the same"


def _transaction(transaction: TransactionReport) -> Iterator[str]:
    words = [
        f"  {transaction.transaction_number}  {transaction.kind}  {transaction.control_number}",
        transaction.status.replace("_", " ") + (f" ({transaction.reason})" if transaction.reason else ""),
        counted(transaction.segment_count, "segment"),
    ]
    if transaction.claim_count is not None:
        words.append(counted(transaction.claim_count, "claim"))
    yield ", ".join(words)
    yield from (f"  {_finding(finding)}" for finding in transaction.findings)
    if not _came_back(transaction) and transaction.round_trip:
        yield f"    not written back as it is, from segment {transaction.round_trip.first_difference} on"


def _came_back(transaction: TransactionReport) -> bool:
    return transaction.round_trip is None or transaction.round_trip.first_difference is None


def _finding(finding: FindingReport) -> str:
    place = f", segment {finding.segment_number}" if finding.segment_number else ""
    return f"  {finding.severity}: {finding.rule}{place}: {finding.message}"
