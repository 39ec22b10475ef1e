"""What `owed check` tells of X12 transactions: accepted, accepted with findings or refused, and the round trip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import BinaryIO, Literal

import duckdb

from loaders.candidate import FileOutcome
from loaders.x12.outline import PlainTransaction, transactions
from loaders.x12.summary import TRANSACTION_KINDS_SQL
from loaders.x12.writeback import written_back

Status = Literal["accepted", "accepted_with_findings", "refused"]
Opened = Callable[[], BinaryIO]


@dataclass(frozen=True)
class FindingReport:
    """One finding; `segment_number` counts the file's segments from 1."""

    rule: str
    severity: str
    message: str
    segment_number: int | None


@dataclass(frozen=True)
class RoundTrip:
    """The transaction written back from the landed tables beside the file: how many segments are the same.
    `first_difference` is the number, in the file, of the first that is not."""

    segment_count: int
    same_count: int
    first_difference: int | None = None


@dataclass(frozen=True)
class TransactionReport:
    """One ST to SE. `kind` as in `rpt_files`, or ST01 where it is not read here; `reason` says why it is refused."""

    transaction_number: int
    interchange_number: int
    kind: str
    control_number: str
    status: Status
    segment_count: int
    claim_count: int | None = None
    reason: str | None = None
    findings: tuple[FindingReport, ...] = ()
    round_trip: RoundTrip | None = None


def of_file(
    con: duckdb.DuckDBPyConnection, outcome: FileOutcome, opened: Opened, with_round_trip: bool
) -> tuple[tuple[TransactionReport, ...], tuple[FindingReport, ...]]:
    """The reports on an X12 file's transactions, in their order, and the findings on the file as a whole.

    `con` has landed the file and `opened` gives its content. Memory grows with the number of transactions, not with
    their length.
    """
    file_number = _file_number(con, outcome)
    findings = _findings(con, file_number)
    landed = _landed(con, file_number)
    back = written_back(con.cursor(), (file_number, file_number)) if with_round_trip and landed else iter(())
    reports = []
    with opened() as stream:
        for plain in transactions(stream):
            kind, claim_count = landed.get(plain.number, (plain.transaction_type, None))
            report = TransactionReport(
                transaction_number=plain.number,
                interchange_number=plain.interchange_number,
                kind=kind,
                control_number=plain.control_number,
                status="refused",
                segment_count=len(plain.segments),
                claim_count=claim_count,
                findings=tuple(findings.get(plain.number, ())),
            )
            if plain.number not in landed:
                reports.append(replace(report, reason=_reason(outcome, plain)))
                continue
            fatal = next((finding for finding in _on(report, plain) if finding.severity == "fail"), None)
            told = any(finding.severity != "info" for finding in report.findings)
            reports.append(
                replace(
                    report,
                    status="refused" if fatal else "accepted_with_findings" if told else "accepted",
                    reason=f"{fatal.rule}: {fatal.message}" if fatal else None,
                    round_trip=_compared(plain, next(back)[2]) if with_round_trip else None,
                )
            )
    return tuple(reports), tuple(findings.get(0, ()))


def findings(con: duckdb.DuckDBPyConnection, outcome: FileOutcome) -> tuple[FindingReport, ...]:
    """The findings on a file that is not X12, which `con` has landed."""
    return tuple(_findings(con, _file_number(con, outcome)).get(0, ()))


def _file_number(con: duckdb.DuckDBPyConnection, outcome: FileOutcome) -> int:
    row = con.execute(
        "select file_number from raw.files where file_id = ? and status <> 'duplicate' order by file_number",
        [outcome.file_id],
    ).fetchone()
    return row[0] if row else 0


def _reason(outcome: FileOutcome, plain: PlainTransaction) -> str:
    if outcome.status == "refused":
        return "the file is refused whole" if plain.is_closed else "it has no SE, and the file is refused whole"
    return f"unsupported_transaction: {plain.transaction_type} is neither 835 nor 837"


def _on(report: TransactionReport, plain: PlainTransaction) -> Iterator[FindingReport]:
    """The findings on the transaction itself, which are told of its ST."""
    return (finding for finding in report.findings if finding.segment_number == plain.segment_number)


def _compared(plain: PlainTransaction, back: list[tuple[int, str]]) -> RoundTrip:
    pairs = list(zip_longest(plain.segments, (text for _, text in back)))
    differing = [place for place, (original, written) in enumerate(pairs) if original != written]
    first = plain.segment_number + differing[0] if differing else None
    return RoundTrip(len(plain.segments), len(pairs) - len(differing), first)


def _findings(con: duckdb.DuckDBPyConnection, file_number: int) -> dict[int, list[FindingReport]]:
    """By transaction; 0 has those on the file."""
    found: dict[int, list[FindingReport]] = defaultdict(list)
    for transaction_number, *rest in con.execute(
        "select coalesce(transaction_number, 0), rule, severity, message, segment_number from raw.findings "
        "where file_number = ? order by segment_number nulls last, rule",
        [file_number],
    ).fetchall():
        found[transaction_number].append(FindingReport(*rest))
    return found


def _landed(con: duckdb.DuckDBPyConnection, file_number: int) -> dict[int, tuple[str, int]]:
    """By transaction: its kind and how many claims it has."""
    rows = con.execute(
        f"""
        with kinds as ({TRANSACTION_KINDS_SQL}),
        claims as (
            select transaction_number from raw.x12_clp where file_number = $file
            union all
            select transaction_number from raw.x12_clm where file_number = $file
        ),
        counts as (select transaction_number, count(*) as claim_count from claims group by transaction_number)
        select kinds.transaction_number, kinds.kind, coalesce(counts.claim_count, 0)
        from kinds
        left join counts on counts.transaction_number = kinds.transaction_number
        where kinds.file_number = $file
        """,
        {"file": file_number},
    ).fetchall()
    return {number: (kind, count) for number, kind, count in rows}
