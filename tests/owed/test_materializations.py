"""How a model that is kept row by row is built: whole, then the listed rows alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from owed.home import Home
from owed.models import invoke
from tests.owed.conftest import REPOSITORY

MODEL = """{{ config(materialized='incremental', unique_key='claim_key') }}
select claim_key, amount from raw.amounts
{% if is_changed_run() %} where claim_key in (select claim_key from changed.claim_key) {% endif %}
-- A model may end in a comment."""


def test_listed_rows_make_way(home: Home, tmp_path: Path, tiny_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "owed"
    shutil.copytree(tiny_project, project)
    shutil.copytree(REPOSITORY / "macros" / "changed", project / "macros" / "changed")
    (project / "models" / "marts" / "fct_amounts.sql").write_text(MODEL)
    monkeypatch.setenv("OWED_PROJECT", str(project))

    def built(scope: str) -> list[tuple[str, int]]:
        settings = {"OWED_SCOPE": scope, "OWED_AS_OF": "", "OWED_RUN_DATE": "2026-01-15"}
        results = invoke(["run", "--select", "fct_amounts"], home.root, home.runs / "dbt", settings=settings).results
        assert [str(result.status) for result in results] == ["success"]
        with duckdb.connect(str(home.warehouse)) as con:
            return con.execute("select * from marts.fct_amounts order by all").fetchall()

    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "create schema raw; create table raw.amounts as from (values ('a', 1), ('b', 2)) t(claim_key, amount)"
        )
    assert built("all") == [("a", 1), ("b", 2)]
    with duckdb.connect(str(home.warehouse)) as con:
        # b is said anew and c is new; a would differ too, but nothing was said of it.
        con.execute("update raw.amounts set amount = amount + 10; insert into raw.amounts values ('c', 3)")
        con.execute("create schema changed; create table changed.claim_key as from (values ('b'), ('c')) t(claim_key)")
    assert built("changed") == [("a", 1), ("b", 12), ("c", 3)]
    with duckdb.connect(str(home.warehouse)) as con:
        assert con.execute("from changed.fct_amounts order by all").fetchall() == [("b", 12), ("c", 3)]
    assert built("all") == [("a", 11), ("b", 12), ("c", 3)]
