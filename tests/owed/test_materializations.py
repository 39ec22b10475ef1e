"""How a model that is kept row by row is built: whole, then the listed rows alone."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from owed.home import Home
from owed.models import invoke
from tests.owed.conftest import REPOSITORY

MODEL = """{{ config(materialized='incremental', unique_key='claim_key') }}
select claim_key, amount from raw.amounts
{% if is_changed_run() %} where claim_key in (select claim_key from changed.claim_key) {% endif %}
-- A model may end in a comment."""

RATES = """{{ config(unique_key='claim_key', meta={'lists': 'rate', 'wider_than': 'claim'}) }}
select claim_key, rate from raw.rates"""
DAYS = """{{ config(materialized='incremental', unique_key='claim_key', meta={'list': 'rate', 'dated': 'day'}) }}
-- depends_on: {{ ref('int_rates') }}
select claim_key, day, amount from raw.days where {{ is_made_anew('claim_key', 'day') }}"""


@pytest.fixture
def marts(tmp_path: Path, tiny_project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of models of a project with our ways of making tables."""
    project = tmp_path / "owed"
    shutil.copytree(tiny_project, project)
    shutil.copy(REPOSITORY / "macros" / "is_made_anew.sql", project / "macros")
    ends = '\non-run-end: "{{ written_out() }}"\n'
    assert ends in (REPOSITORY / "dbt_project.yml").read_text()
    with (project / "dbt_project.yml").open("a") as settings:
        settings.write(ends)
    monkeypatch.setenv("OWED_PROJECT", str(project))
    return project / "models" / "marts"


def run(home: Home, models: list[str], scope: str) -> list[Any]:
    """dbt's results: those of the models, then that of the end of the run."""
    settings = {"OWED_SCOPE": scope, "OWED_AS_OF": "", "OWED_RUN_DATE": "2026-01-15"}
    return invoke(["run", "--select", *models], home.root, home.runs / "dbt", settings=settings).results


def build(home: Home, models: list[str], scope: str, asked: str) -> list[tuple[Any, ...]]:
    """Builds the models and returns what is asked of them."""
    assert {str(result.status) for result in run(home, models, scope)} == {"success"}
    with duckdb.connect(str(home.warehouse)) as con:
        return con.execute(asked).fetchall()


def test_listed_rows_make_way(home: Home, marts: Path) -> None:
    (marts / "fct_amounts.sql").write_text(MODEL)

    def built(scope: str) -> list[tuple[Any, ...]]:
        return build(home, ["fct_amounts"], scope, "select * from marts.fct_amounts order by all")

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


def test_a_build_of_everything_sorts_by_a_key_that_begins_with_the_week(home: Home, marts: Path) -> None:
    """So what is near in time stands together, and a refresh of recent claims passes over the years before."""
    shutil.copy(REPOSITORY / "macros" / "stable_key.sql", marts.parents[1] / "macros")
    dated = "{{ stable_key(['claim_id', 'service_date'], date='service_date') }}"
    keyed = f"select {dated} as claim_key, claim_id, service_date from raw.claims\n-- A comment may come last."
    (marts / "fct_claims.sql").write_text("{{ config(materialized='incremental', unique_key='claim_key') }}" + keyed)
    with duckdb.connect(str(home.warehouse)) as con:
        # Days of ten years in no order, and a claim of which no date is known.
        con.execute(
            "create schema raw; create table raw.claims as select 'C' || day as claim_id, "
            "date '2016-01-01' + cast(day * 1237 % 3650 as integer) as service_date from range(3650) days (day) "
            "union all select 'C', null"
        )
    rows = build(home, ["fct_claims"], "all", "select claim_key, service_date from marts.fct_claims order by rowid")
    (unknown, none), *known = rows
    assert none is None
    assert 0 <= unknown < 2**51
    assert [key for key, _ in known] == sorted({key for key, _ in known})
    assert len(known) == 3650
    # 2016-01-01 is 5,844 days from 2000-01-01 (16 years, of which four have 366 days).
    assert [key >> 51 for key, _ in known] == [(5_844 + (day - date(2016, 1, 1)).days) // 7 for _, day in known]


def test_what_no_one_reads_any_more_is_let_go(home: Home, marts: Path) -> None:
    (marts.parent / "intermediate").mkdir(exist_ok=True)
    (marts.parent / "intermediate" / "int_amounts.sql").write_text(MODEL)
    doubled = "{{ config(meta={'scope': 'claim'}) }} select *, 2 * amount as twice from {{ ref('int_amounts') }}"
    (marts.parent / "intermediate" / "int_doubled.sql").write_text(doubled)
    (marts / "fct_amounts.sql").write_text(MODEL.replace("raw.amounts", "{{ ref('int_amounts') }}"))
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "create schema raw; create table raw.amounts as select 'a' as claim_key, 1 as amount;"
            "create schema changed; create table changed.claim_key as select 'a' as claim_key"
        )
    asked = "select table_name from duckdb_tables() where schema_name in ('changed', 'intermediate') order by all"
    models = ["int_amounts", "int_doubled", "fct_amounts"]
    for _ in range(2):
        assert build(home, models, "all", asked)[-2:] == [("int_amounts",), ("int_doubled",)]
        assert build(home, models, "changed", asked) == [("claim_key",), ("fct_amounts",), ("int_amounts",)]
    with duckdb.connect(str(home.warehouse)) as con:
        assert con.execute("from marts.fct_amounts").fetchall() == [("a", 1)]
        assert con.execute("from intermediate.int_amounts").fetchall() == [("a", 1)]


def test_rows_make_way_by_day_and_by_what_came_out_otherwise(home: Home, marts: Path) -> None:
    (marts / "int_rates.sql").write_text(RATES)
    (marts / "fct_days.sql").write_text(DAYS)

    def built(scope: str) -> list[tuple[Any, ...]]:
        asked = "select claim_key, day(day), amount from marts.fct_days order by all"
        return build(home, ["int_rates", "fct_days"], scope, asked)

    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "create schema raw;"
            "create table raw.rates as from (values ('a', 5), ('b', 6)) t(claim_key, rate);"
            "create table raw.days as from (values ('a', date '2026-01-09', 1), ('a', date '2026-01-10', 2), "
            "('b', date '2026-01-09', 3), ('b', date '2026-01-10', 4)) t(claim_key, day, amount)"
        )
    assert built("all") == [("a", 9, 1), ("a", 10, 2), ("b", 9, 3), ("b", 10, 4)]
    with duckdb.connect(str(home.warehouse)) as con:
        # Nothing was said of either claim, but b's rate came out otherwise, and the tenth was the last as-of date.
        con.execute(
            "create schema changed; create table changed.claim_key (claim_key varchar);"
            "create table changed.state as select date '2026-01-10' as as_of_date;"
            "update raw.rates set rate = 7 where claim_key = 'b'; update raw.days set amount = amount + 10;"
            "insert into raw.days values ('a', date '2026-01-11', 5)"
        )
    assert built("changed") == [("a", 9, 1), ("a", 10, 12), ("a", 11, 5), ("b", 9, 13), ("b", 10, 14)]
    with duckdb.connect(str(home.warehouse)) as con:
        assert con.execute("from changed.rate_claim_key").fetchall() == [("b",)]


def told(home: Home, model: str, scope: str) -> str:
    """What dbt says of a model that could not be made, or nothing."""
    result = run(home, [model], scope)[0]
    return "" if result.status == "success" else str(result.message)


@pytest.mark.parametrize(
    "config",
    [
        "materialized='incremental'",
        "materialized='table'",
        "materialized='table', meta={'lists': 'rate', 'wider_than': 'claim'}",
    ],
)
def test_a_table_is_asked_its_tests_as_it_is_made(
    home: Home, marts: Path, monkeypatch: pytest.MonkeyPatch, config: str
) -> None:
    (marts / "fct_amounts.sql").write_text(MODEL.replace("materialized='incremental'", config))
    (marts / "_fct_amounts.yml").write_text(
        "models: [{name: fct_amounts, columns: [{name: amount, data_tests: [unique]}]}]"
    )

    def amounts() -> list[tuple[Any, ...]]:
        with duckdb.connect(str(home.warehouse)) as con:
            return con.execute("from marts.fct_amounts order by all").fetchall()

    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "create schema raw; create table raw.amounts as from (values ('a', 1), ('b', 1), ('c', 2))"
            " t(claim_key, amount);"
            "create schema changed; create table changed.claim_key as from (values ('c'), ('d')) t(claim_key)"
        )
    # dbt's own node asks, unless a refresh has the table asked.
    assert (told(home, "fct_amounts", "all"), amounts()) == ("", [("a", 1), ("b", 1), ("c", 2)])
    monkeypatch.setenv("OWED_TESTS", "with_models")
    assert "Tests failed: unique_fct_amounts_amount (1)" in told(home, "fct_amounts", "all")
    # Of the changed claims alone: what stood before is not asked again, and what fails leaves all as it was.
    assert told(home, "fct_amounts", "changed") == ""
    stood = amounts()
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("insert into raw.amounts values ('d', 2), ('d', 3)")
    assert "Tests failed: unique_fct_amounts_amount (1)" in told(home, "fct_amounts", "changed")
    assert amounts() == stood


@pytest.mark.parametrize("materialized", ["incremental", "table"])
@pytest.mark.parametrize("scope", ["all", "changed"])
def test_a_contract_is_kept(home: Home, marts: Path, materialized: str, scope: str) -> None:
    (marts / "fct_amounts.sql").write_text(MODEL.replace("incremental", materialized))
    (marts / "_fct_amounts.yml").write_text("""
models:
  - name: fct_amounts
    config: {contract: {enforced: true}, on_schema_change: fail}
    columns:
      - {name: claim_key, data_type: varchar, constraints: [{type: not_null}]}
      - {name: amount, data_type: integer}
""")
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "create schema raw; create table raw.amounts as select 'a' as claim_key, 1 as amount;"
            "create schema changed; create table changed.claim_key as select 'a' as claim_key"
        )
    assert told(home, "fct_amounts", "all") == ""
    assert told(home, "fct_amounts", scope) == ""
    with duckdb.connect(str(home.warehouse)) as con:
        assert con.execute(
            "select column_name from duckdb_columns() where table_name = 'fct_amounts' and schema_name = 'marts'"
            " and not is_nullable"
        ).fetchall() == [("claim_key",)]
        con.execute("insert into raw.amounts values (null, 2)")
    assert "NOT NULL constraint failed" in told(home, "fct_amounts", "all")
    (marts / "fct_amounts.sql").write_text("select 'a' as claim_key, 1 as amounts")
    assert "contract" in told(home, "fct_amounts", "all")
