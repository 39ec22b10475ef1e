"""A warehouse in memory with the two relations the landing provides, and a stand-in for landing one file."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from itertools import count

import duckdb
import pytest

from loaders.reference import LOADERS, create_tables
from loaders.source import LoadResult, Refusal, SourceFile

Land = Callable[..., LoadResult]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """`raw.files_in_force` here: the newest content of each file name."""
    with duckdb.connect() as connection:
        create_tables(connection)
        connection.execute("create table raw.files (file_number integer, file_name varchar)")
        connection.execute(
            "create view raw.files_in_force as select max(file_number) as file_number from raw.files group by file_name"
        )
        yield connection


@pytest.fixture
def land(con: duckdb.DuckDBPyConnection) -> Land:
    """Lands text or bytes under a name as the landing does: recognise, then load in a transaction."""
    numbers = count(1)

    def landed(content: str | bytes, name: str = "file.csv") -> LoadResult:
        data = content.encode() if isinstance(content, str) else content
        number = next(numbers)
        file_id = hashlib.sha256(data).hexdigest()
        source = SourceFile(number, file_id, name, len(data), lambda: io.BytesIO(data))
        for recognise, load in LOADERS:
            if recognise(data[:65536]) is None:
                continue
            con.begin()
            try:
                # Before the load, as the landing does: the name's earlier content is out of force.
                con.execute("insert into raw.files values (?, ?)", [number, name])
                result = load(con, source)
            except Refusal:
                con.rollback()
                raise
            con.commit()
            return result
        raise Refusal("kind_unknown", "Nothing recognises this file.")

    return landed
