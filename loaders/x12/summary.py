"""Counts and sums of landed X12 files, for `rpt_files`, and its findings with their segments' text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from loaders.quality.check import RecordFinding
from loaders.source import Finding, LoadResult
from loaders.x12.writeback import written_back

# The segments that expectations are held against.
HEADS = ("ST", "CLP", "SVC", "CAS", "CLM")

_TRIPLETS = " + ".join(f"CAST(reason_code_{n} IS NOT NULL OR amount_{n} IS NOT NULL AS INTEGER)" for n in range(1, 7))
# Implementation guides by the first three letters after 005010: claims, predeterminations and post-adjudication data.
_KIND = """
    CASE
        WHEN transaction_type = '835' THEN '835'
        WHEN regexp_matches(version, 'X(222|098|291|298)') THEN '837P'
        WHEN regexp_matches(version, 'X(223|096|292|299)') THEN '837I'
        WHEN regexp_matches(version, 'X(224|097|293|300)') THEN '837D'
        WHEN has_sv2 OR facility_qualifier = 'A' THEN '837I'
        WHEN has_sv3 THEN '837D'
        ELSE '837P'
    END
"""
TRANSACTION_KINDS_SQL = f"""
    WITH versions AS (
        SELECT transactions.file_number, transactions.transaction_number, transactions.transaction_type,
            coalesce(starts.implementation_version, groups.version, '') AS version
        FROM raw.x12_transactions AS transactions
        LEFT JOIN raw.x12_st AS starts USING (file_number, transaction_number)
        LEFT JOIN (
            SELECT file_number, version,
                row_number() OVER (PARTITION BY file_number ORDER BY segment_number) AS group_number
            FROM raw.x12_gs
        ) AS groups ON groups.file_number = transactions.file_number AND groups.group_number = transactions.group_number
    ),
    hints AS (
        SELECT file_number, transaction_number,
            bool_or(segment = 'SV2') AS has_sv2, bool_or(segment = 'SV3') AS has_sv3,
            max(qualifier) AS facility_qualifier
        FROM (
            SELECT file_number, transaction_number, 'SV2' AS segment, NULL AS qualifier FROM raw.x12_sv2
            UNION ALL SELECT file_number, transaction_number, 'SV3', NULL FROM raw.x12_sv3
            UNION ALL SELECT file_number, transaction_number, 'CLM', location_qualifier FROM raw.x12_clm
        )
        GROUP BY file_number, transaction_number
    )
    SELECT versions.file_number, versions.transaction_number, versions.version, {_KIND} AS kind
    FROM versions LEFT JOIN hints USING (file_number, transaction_number)
"""


@dataclass
class Counts:
    """What one X12 file holds."""

    kind: str = "unknown"
    interchange_count: int = 0
    transaction_count: int = 0
    claim_count: int = 0
    service_line_count: int = 0
    adjustment_count: int = 0
    charge_amount: Decimal = Decimal("0.00")
    paid_amount: Decimal | None = None

    def fill(self, result: LoadResult) -> None:
        for name in self.__dataclass_fields__:
            setattr(result, name, getattr(self, name))


def counts(con: duckdb.DuckDBPyConnection, low: int, high: int) -> dict[int, Counts]:
    """By file number, for the files numbered `low` to `high`."""
    totals: dict[int, Counts] = {}
    span = {"low": low, "high": high}
    where = "WHERE file_number BETWEEN $low AND $high"
    kinds = (
        "SELECT file_number, string_agg(DISTINCT kind, '+' ORDER BY kind) "
        f"FROM ({TRANSACTION_KINDS_SQL}) {where} GROUP BY 1"
    )
    for number, kind in con.execute(kinds, span).fetchall():
        totals[number] = Counts(kind=kind)
    queries = {
        "interchange_count": (
            f"SELECT file_number, max(interchange_number) FROM raw.x12_transactions {where} GROUP BY 1"
        ),
        "transaction_count": f"SELECT file_number, count(*) FROM raw.x12_transactions {where} GROUP BY 1",
        "adjustment_count": f"SELECT file_number, sum({_TRIPLETS}) FROM raw.x12_cas {where} GROUP BY 1",
    }
    for name, sql in queries.items():
        for number, value in con.execute(sql, span).fetchall():
            setattr(totals[number], name, int(value))
    isa = f"SELECT file_number, count(*) FROM raw.x12_isa {where} GROUP BY 1"
    for number, value in con.execute(isa, span).fetchall():
        if number in totals:
            totals[number].interchange_count = max(totals[number].interchange_count, int(value))
    for table in ("svc", "sv1", "sv2", "sv3"):
        for number, value in con.execute(
            f"SELECT file_number, count(*) FROM raw.x12_{table} {where} GROUP BY 1", span
        ).fetchall():
            totals[number].service_line_count += int(value)
    claims = f"""
        SELECT file_number, count(*), coalesce(sum(charge_amount), 0), NULL FROM raw.x12_clm {where} GROUP BY 1
        UNION ALL
        SELECT file_number, count(*), coalesce(sum(charge_amount), 0), coalesce(sum(paid_amount), 0)
        FROM raw.x12_clp {where} GROUP BY 1
    """
    for number, count, charge, paid in con.execute(claims, span).fetchall():
        totals[number].claim_count += int(count)
        totals[number].charge_amount += charge
        if paid is not None:
            totals[number].paid_amount = paid
    for total in totals.values():
        if "835" in total.kind and total.paid_amount is None:
            total.paid_amount = Decimal("0.00")
    return totals


def findings(con: duckdb.DuckDBPyConnection, file_number: int, records: Sequence[RecordFinding]) -> list[Finding]:
    """The findings on a file's records; those that cannot be used with their segment as it was in the file."""
    unusable = [record for record in records if record.severity == "fail" and record.transaction_number is not None]
    texts: dict[int, str] = {}
    if unusable:
        numbers = [record.transaction_number or 0 for record in unusable]
        wanted = {record.segment_number for record in unusable}
        between = (min(numbers), max(numbers))
        for _, _, segments in written_back(con, (file_number, file_number), between, HEADS):
            texts.update((number, text) for number, text in segments if number in wanted)
    return [
        Finding(
            record.rule,
            record.severity,
            record.message,
            transaction_number=record.transaction_number,
            segment_number=record.segment_number,
            raw_text=texts.get(record.segment_number or 0),
        )
        for record in records
    ]
