"""`owed query` reads the snapshot in four formats, and can do nothing else."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet
import pytest

from owed import publish, query, snapshots
from owed.errors import OwedError, WrongUseError
from owed.home import Home
from owed.publish import Relation
from owed.query import Format


@pytest.fixture
def published(home: Home) -> Home:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_claims as select * from (values "
            "('A', 2045.83::decimal(18, 2), date '2025-03-04', true), ('B,\"é\"', 90071992547409.93, null, false)) "
            "as claims (claim_id, charge_amount, service_from_date, is_paid)"
        )
    with publish.draft(home, "20260101T000000Z-aaaaaaa", "512MB") as draft:
        publish.copy(draft, Relation("fct_claims", "", {}))
    publish.publish(home, "20260101T000000Z-aaaaaaa")
    return home


def ask(home: Home, sql: str, form: Format) -> bytes:
    out = io.BytesIO()
    with snapshots.open_current(home) as connection:
        query.run(connection, sql, form, out)
    return out.getvalue()


def test_json_keeps_every_digit_of_money(published: Home) -> None:
    text = ask(published, "from marts.fct_claims order by claim_id", Format.JSON).decode()
    assert json.loads(text, parse_float=Decimal) == [
        {"claim_id": "A", "charge_amount": Decimal("2045.83"), "service_from_date": "2025-03-04", "is_paid": True},
        {
            "claim_id": 'B,"é"',
            "charge_amount": Decimal("90071992547409.93"),
            "service_from_date": None,
            "is_paid": False,
        },
    ]
    assert json.loads(ask(published, "from marts.fct_claims where false", Format.JSON)) == []


def test_json_has_null_for_what_is_no_number(published: Home) -> None:
    sql = """
        select 'nan'::double as a, '-inf'::float as b, [1.5::double, 'nan'::double] as c, {'x': ['inf'::double]} as d,
            map {date '2025-03-04': 'nan'::double} as e, 'NaN' as f, date '2025-03-04' as g
    """
    text = ask(published, sql, Format.JSON)
    assert json.loads(text, parse_constant=pytest.fail) == [
        {"a": None, "b": None, "c": [1.5, None], "d": {"x": [None]}, "e": {"2025-03-04": None}, "f": "NaN",
         "g": "2025-03-04"}
    ]  # fmt: skip


def test_csv(published: Home) -> None:
    text = ask(published, "from marts.fct_claims order by claim_id", Format.CSV).decode()
    assert list(csv.reader(io.StringIO(text))) == [
        ["claim_id", "charge_amount", "service_from_date", "is_paid"],
        ["A", "2045.83", "2025-03-04", "true"],
        ['B,"é"', "90071992547409.93", "", "false"],
    ]


def test_table(published: Home) -> None:
    assert ask(
        published, "select claim_id, charge_amount from marts.fct_claims where is_paid", Format.TABLE
    ).decode() == ("claim_id  charge_amount\nA               2045.83\n(1 row)\n")


def test_parquet(published: Home) -> None:
    content = ask(published, "from marts.fct_claims order by claim_id", Format.PARQUET)
    table = pyarrow.parquet.read_table(io.BytesIO(content))
    assert str(table.schema.field("charge_amount").type) == "decimal128(18, 2)"
    assert table.column("charge_amount").to_pylist() == [Decimal("2045.83"), Decimal("90071992547409.93")]


@pytest.mark.parametrize(
    "sql",
    [
        "describe marts.fct_claims",
        "show all tables",
        "explain from marts.fct_claims",
        "with a as (select 1 as b) from a",
    ],
)
def test_every_way_to_read_is_open(published: Home, sql: str) -> None:
    assert json.loads(ask(published, sql, Format.JSON))


@pytest.mark.parametrize(
    "sql",
    [
        "create table marts.x as select 1",
        "create temp table x as select 1",
        "delete from marts.fct_claims",
        "update marts.fct_claims set claim_id = 'x'",
        "insert into marts.fct_claims values ('x', 1, null, true)",
        "drop table marts.fct_claims",
        "copy marts.fct_claims to 'claims.csv'",
        "export database 'dump'",
        "attach 'other.duckdb'",
        "attach ':memory:' as other",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "pragma enable_profiling",
        "checkpoint",
        "call pragma_version()",
        "select 1; select 2",
        "select 1; drop table marts.fct_claims",
        "",
        "not sql at all",
        "from marts.no_such_table",
    ],
)
def test_nothing_else_is(published: Home, sql: str) -> None:
    with pytest.raises(WrongUseError):
        ask(published, sql, Format.JSON)


@pytest.mark.parametrize(
    "reading",
    [
        "select * from read_csv('{}')",
        "select * from read_text('{}')",
        "select * from read_blob('{}')",
        "select * from read_json('{}')",
        "select * from '{}'",
        "select * from glob('{}')",
        "select * from parquet_metadata('{}')",
        "select * from sniff_csv('{}')",
    ],
)
def test_no_file_can_be_read(published: Home, tmp_path: Path, reading: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("name\nsmith\n")
    with pytest.raises(OwedError) as refused:
        ask(published, reading.format(secret), Format.JSON)
    assert "smith" not in str(refused.value)


def test_nothing_published_yet(home: Home) -> None:
    with pytest.raises(WrongUseError, match="owed refresh"):
        ask(home, "select 1", Format.JSON)


def test_a_fault_while_reading_is_told(published: Home) -> None:
    with pytest.raises(OwedError, match="Conversion Error"):
        ask(published, "select cast(claim_id as integer) from marts.fct_claims", Format.JSON)
