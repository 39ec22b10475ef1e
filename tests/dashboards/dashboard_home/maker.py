"""Builds homes for the dashboards' tests: a published snapshot with every table the public interface names."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from .world import AS_OF, World, make_world

BUILD = "20251001T060000-sample"
HERE = Path(__file__).parent
KPI_SEED = HERE.parents[2] / "seeds" / "ledger" / "kpi_definitions.csv"
FILES: tuple[tuple[str, str, str, str | None], ...] = (
    ("northfield_0901.835", "835", "loaded", None),
    ("claims_0902.837", "837P", "loaded_with_findings", None),
    ("payers.csv", "payers", "loaded", None),
    ("copy of northfield_0901.835", "835", "duplicate", None),
    ("truncated.835", "835", "refused", "the interchange ends before its IEA"),
)


def write_home(
    home: Path,
    *,
    world: World | None = None,
    build: str = BUILD,
    finished_at: datetime | None = None,
    empty_tables: bool = False,
) -> Path:
    """Publishes a snapshot under `home`: `published/owed-<build>.duckdb` and CURRENT. Returns its path.

    `world` defaults to some 2,000 fictional claims; `finished_at` (UTC) to now; `empty_tables` leaves every table
    without rows.
    """
    published = home / "published"
    published.mkdir(parents=True, exist_ok=True)
    path = published / f"owed-{build}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((HERE / "published.sql").read_text())
        connection.execute(f"create table marts.dim_kpis as select * from read_csv('{KPI_SEED}')")
        if not empty_tables:
            _fill(connection, world or make_world(), build, finished_at or datetime.now(UTC).replace(tzinfo=None))
    (published / "CURRENT").write_text(path.name + "\n")
    (home / "inbox").mkdir(exist_ok=True)
    return path


def _fill(connection: duckdb.DuckDBPyConnection, world: World, build: str, finished_at: datetime) -> None:
    for table, rows in world.tables.items():
        money = {name for row in rows for name in row if name.endswith("amount")}
        _insert(connection, table, rows, money)
    _insert(connection, "rpt_files", [_file(*file) for file in FILES], set())
    _insert(connection, "rpt_refresh", [_refresh(build, finished_at)], set())
    _insert(connection, "rpt_data_quality", [_check(*check) for check in CHECKS], set())
    connection.execute("set variable as_of = cast(? as date)", [AS_OF])
    connection.execute((HERE / "derived.sql").read_text())


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]], money: set[str]) -> None:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    names = ", ".join(f"{name} * 0.01 as {name}" if name in money else name for name in frame.columns)
    connection.register("incoming", frame)
    connection.execute(f"insert into marts.{table} by name select {names} from incoming")
    connection.unregister("incoming")


def _file(name: str, kind: str, status: str, reason: str | None) -> dict[str, Any]:
    return {
        "file_id": hashlib.sha256(name.encode()).hexdigest(), "file_name": name, "kind": kind, "status": status,
        "refusal_reason": reason, "finding_count": 3 if status == "loaded_with_findings" else 0,
        "loaded_at": datetime.fromisoformat("2025-10-01T06:00:00"),
    }  # fmt: skip


def _refresh(build: str, finished_at: datetime) -> dict[str, Any]:
    return {
        "run_id": "20251001T055800Z-0001", "build": build, "status": "published", "message": "Published.",
        "input_fingerprint": "sample", "files_loaded": 2, "files_loaded_with_findings": 1, "files_duplicate": 1,
        "files_refused": 1, "claims_landed": 2000, "gates_passed": 24, "gates_warned": 1, "gates_failed": 0,
        "as_of_date": AS_OF, "run_date": date(2025, 10, 1), "started_at": finished_at - timedelta(minutes=2),
        "finished_at": finished_at,
    }  # fmt: skip


CHECKS = (
    ("envelope_counts", "landing", "835", "error", "pass", "Every interchange holds what its trailer counts.", 0),
    ("claim_balance", "landing", "835", "warn", "warn", "Charges less adjustments equal the payment.", 3),
    ("ledger_equals_sources", "build", "fct_account_ledger", "error", "pass", "No posting is lost or doubled.", 0),
)


def _check(*values: Any) -> dict[str, Any]:
    names = ("check_name", "layer", "subject", "severity", "status", "sentence", "failure_count")
    return dict(zip(names, values, strict=True))
