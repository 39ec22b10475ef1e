"""Runs a few dbt models over upstream relations written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb
import pytest

from tests.models import dbt_build, keys
from tests.models.claim_book import ClaimBook
from tests.models.upstream import Rows, write_upstream

Build = Callable[[Rows, str], duckdb.DuckDBPyConnection]
WARNED = frozenset(("variance_billed_lines_are_answered",))
"""The book has a claim whose answer leaves a line out."""


@pytest.fixture(scope="session")
def build_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Gives `build(rows, select)`: writes the upstream rows, builds the selected models with their tests, connects."""
    target = tmp_path_factory.mktemp("dbt") / "target"
    open_connections: list[duckdb.DuckDBPyConnection] = []

    def build(rows: Rows, select: str) -> duckdb.DuckDBPyConnection:
        home = tmp_path_factory.mktemp("home")
        write_upstream(home / "warehouse.duckdb", rows)
        dbt_build.build(home, target, "--full-refresh", "--select", *select.split(), may_warn=WARNED)
        con = duckdb.connect(str(home / "warehouse.duckdb"))
        keys.name_keys(con)
        open_connections.append(con)
        return con

    yield build
    for con in open_connections:
        con.close()


@pytest.fixture(scope="session")
def claim_book() -> type[ClaimBook]:
    return ClaimBook
