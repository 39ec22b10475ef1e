"""Runs a few dbt models over upstream relations written by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import duckdb
import pytest

from tests.conftest import PROJECT
from tests.models.claim_book import ClaimBook
from tests.models.upstream import Rows, write_upstream

Build = Callable[[Rows, str], duckdb.DuckDBPyConnection]


@pytest.fixture(scope="session")
def build_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Gives `build(rows, select)`: writes the upstream rows, builds the selected models with their tests, connects."""
    from dbt.cli.main import dbtRunner

    target = tmp_path_factory.mktemp("dbt_target")
    open_connections: list[duckdb.DuckDBPyConnection] = []

    def build(rows: Rows, select: str) -> duckdb.DuckDBPyConnection:
        home = tmp_path_factory.mktemp("home")
        write_upstream(home / "warehouse.duckdb", rows)
        before = dict(os.environ)
        os.environ |= {"OWED_HOME": str(home), "OWED_TARGET": str(target), "DBT_LOG_PATH": str(target)}
        try:
            arguments = [
                "build",
                "--full-refresh",
                "--project-dir",
                str(PROJECT),
                "--profiles-dir",
                str(PROJECT),
                "--quiet",
            ]
            result = dbtRunner().invoke([*arguments, "--indirect-selection", "cautious", "--select", *select.split()])
        finally:
            os.environ.clear()
            os.environ.update(before)
        failures = [
            f"{r.node.name}: {r.message}"
            for r in getattr(result.result, "results", [])
            if r.status in ("error", "fail")
        ]
        assert result.success, failures or result.exception
        con = duckdb.connect(str(home / "warehouse.duckdb"))
        open_connections.append(con)
        return con

    yield build
    for con in open_connections:
        con.close()


@pytest.fixture(scope="session")
def claim_book() -> type[ClaimBook]:
    return ClaimBook
