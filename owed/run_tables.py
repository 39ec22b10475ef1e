"""The two published tables that tell of the refresh itself: `rpt_refresh` and `rpt_data_quality`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import attrgetter

import duckdb

from owed import gates, snapshots
from owed.errors import OwedError
from owed.gates import Gate
from owed.home import Home
from owed.ledger import Run

_REFRESH = """
    create or replace table snapshot.marts.rpt_refresh (
        run_id varchar, build varchar, status varchar, message varchar, input_fingerprint varchar,
        files_loaded integer, files_loaded_with_findings integer, files_duplicate integer, files_refused integer,
        claims_landed integer, gates_passed integer, gates_warned integer, gates_failed integer,
        as_of_date date, run_date date, started_at timestamp, finished_at timestamp
    )
"""
_DATA_QUALITY = """
    create or replace table snapshot.marts.rpt_data_quality (
        check_name varchar, layer varchar, subject varchar, severity varchar, status varchar, sentence varchar,
        failure_count bigint
    )
"""
_OF_A_CHECK = attrgetter("check", "layer", "subject", "severity", "status", "sentence", "failure_count")
_FINDINGS = """
    insert into snapshot.marts.rpt_data_quality
    select
        findings.rule, 'landing', landed.kind, findings.severity, 'warn', min(findings.message), count(*)
    from warehouse.raw.findings as findings
    inner join warehouse.raw.files as landed on findings.file_number = landed.file_number
    group by findings.rule, landed.kind, findings.severity
"""


def of_published(home: Home) -> tuple[str, str] | None:
    """The run that made the snapshot being read now, and the fingerprint of what it was made from.

    None where there is no snapshot or it cannot be read.
    """
    try:
        snapshot = snapshots.current(home)
        if snapshot is None:
            return None
        with snapshots.open_snapshot(snapshot.path) as connection:
            return connection.execute(
                "select run_id, input_fingerprint from marts.rpt_refresh "
                "where build = ? and input_fingerprint is not null",
                [snapshot.build],
            ).fetchone()
    except (OwedError, duckdb.Error):
        return None


def write(
    connection: duckdb.DuckDBPyConnection, run: Run, earlier: Iterable[Run], checks: Sequence[Gate], fingerprint: str
) -> None:
    """Adds both tables to the snapshot being drafted (attached as `snapshot`, the warehouse as `warehouse`).

    `rpt_refresh` has one row a run up to this one; only this one carries the fingerprint of what it was made from.
    `rpt_data_quality` has one row a check of what this build made (of changes, not of all), and one a rule, file kind
    and severity found at landing.
    """
    connection.execute(_REFRESH)
    rows = [_row(run, "published", fingerprint), *(_row(other, other.status, None) for other in earlier)]
    _insert(connection, "rpt_refresh", rows)
    connection.execute("comment on table snapshot.marts.rpt_refresh is 'One row a run of the refresh (times in UTC).'")
    connection.execute(_DATA_QUALITY)
    _insert(connection, "rpt_data_quality", [_OF_A_CHECK(check) for check in checks])
    connection.execute(_FINDINGS)
    connection.execute(
        "comment on table snapshot.marts.rpt_data_quality is "
        "'One row a check of what this build made, and one a rule, file kind and severity found at landing.'"
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """In one statement: one a row takes a second for some three hundred."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        values = ", ".join(["unnest(?)"] * len(columns))
        connection.execute(f"insert into snapshot.marts.{table} select {values}", columns)


def _row(run: Run, status: str, fingerprint: str | None) -> list[object]:
    counted = [run.files.get(kind, 0) for kind in ("loaded", "loaded_with_findings", "duplicate", "refused")]
    finished = _naive(run.finished_at) if run.finished_at else datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    return [
        *(run.run_id, run.build, status, run.message, fingerprint, *counted, run.claims_landed),
        *(run.gates_passed, len(gates.warned(run.gates)), len(gates.failed(run.gates))),
        *(run.as_of_date, run.run_date, _naive(run.started_at), finished),
    ]


def _naive(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(UTC).replace(tzinfo=None)
