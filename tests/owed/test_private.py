"""What a run writes for operators quotes no file, not even where a model or a query breaks over a value."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import pytest

from owed import query
from owed.errors import CheckFailedError
from owed.home import Home
from owed.query import Format
from tests.owed.conftest import Refresh, WritePayers


def test_a_model_that_breaks_over_a_value_leaves_it_nowhere(
    home: Home, run_refresh: Refresh, write_payers: WritePayers, tiny_project: Path
) -> None:
    write_payers("Ashgrove")
    broken = tiny_project / "models" / "marts" / "broken.sql"
    broken.write_text("select cast(payer_name as integer) as number from {{ ref('dim_payers') }}")
    try:
        with pytest.raises(CheckFailedError, match="Not built") as failed:
            run_refresh()
    finally:
        broken.unlink()
    assert "Ashgrove" not in str(failed.value)
    quoting = [path for path in home.runs.rglob("*") if path.is_file() and b"Ashgrove" in path.read_bytes()]
    assert quoting == []


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"])
def test_no_spreadsheet_takes_what_a_query_writes_for_a_formula(text: str) -> None:
    out = io.BytesIO()
    with duckdb.connect() as connection:
        connection.execute("create table given as select ? as name, cast(-12.50 as decimal(18, 2)) as amount", [text])
        query.run(connection, "from given", Format.CSV, out)
    assert list(csv.reader(io.StringIO(out.getvalue().decode(), newline=""))) == [
        ["name", "amount"],
        [f"'{text}", "-12.50"],
    ]
