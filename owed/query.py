"""`owed query`: one reading statement against the current snapshot, in the format asked for."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, BinaryIO

import duckdb
from rich.console import Console
from rich.table import Table

from owed.errors import OwedError, WrongUseError
from owed.safe_text import safe_text
from owed.words import counted

BATCH = 10_000
_READING = {
    duckdb.StatementType.SELECT,
    duckdb.StatementType.EXPLAIN,
    duckdb.StatementType.RELATION,
}
_WRONG = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException, duckdb.PermissionException)
_RIGHT = ("DECIMAL", "INT", "BIGINT", "DOUBLE", "FLOAT", "HUGEINT", "SMALLINT", "TINYINT")


class Format(StrEnum):
    """What `--format` takes."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def run(connection: duckdb.DuckDBPyConnection, sql: str, form: Format, out: BinaryIO, width: int | None = None) -> None:
    """Writes the result of `sql` to `out`. `width` is the screen's, for tables; None: as wide as the rows need."""
    try:
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type not in _READING:
            raise WrongUseError("`owed query` takes one statement that reads: select, with, from, describe, show.")
        result = connection.execute(statements[0])
        _WRITERS[form](result, out, width)
    except (
        duckdb.ParserException,
        duckdb.BinderException,
        duckdb.CatalogException,
        duckdb.PermissionException,
    ) as error:
        raise WrongUseError(str(error)) from error
    except duckdb.Error as error:
        raise OwedError(str(error)) from error


def _table(result: duckdb.DuckDBPyConnection, out: BinaryIO, width: int | None) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, kind, *_ in result.description or []:
        table.add_column(name, justify="right" if str(kind).startswith(_RIGHT) else "left", no_wrap=width is None)
    count = 0
    for row in _rows(result):
        table.add_row(*("" if value is None else str(value) for value in row))
        count += 1
    text = io.StringIO()
    console = Console(file=text, width=width or 100_000, force_terminal=width is not None, markup=False)
    console.print(table)
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    out.write("\n".join([*lines, f"({counted(count, 'row')})", ""]).encode())


class _Lines:
    """Takes CSV records and ends each with a line feed. The writer only quotes the line breaks it writes itself."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text

    def write(self, record: str) -> int:
        return self._text.write(record.removesuffix("\r\n") + "\n")


def _csv(result: duckdb.DuckDBPyConnection, out: BinaryIO, _width: int | None) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(_Lines(text), lineterminator="\r\n")
    writer.writerow(_names(result))
    for row in _rows(result):
        writer.writerow(["" if value is None else _plain(value) for value in row])
    text.detach()


def _json(result: duckdb.DuckDBPyConnection, out: BinaryIO, _width: int | None) -> None:
    names = [json.dumps(name) for name in _names(result)]
    separator = b"[\n"
    for row in _rows(result):
        members = ", ".join(f"{name}: {_json_value(value)}" for name, value in zip(names, row, strict=True))
        out.write(separator + f"{{{members}}}".encode())
        separator = b",\n"
    out.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


def _parquet(result: duckdb.DuckDBPyConnection, out: BinaryIO, _width: int | None) -> None:
    import pyarrow.parquet  # a fifth of a second, of every command

    buffer = io.BytesIO()
    pyarrow.parquet.write_table(result.to_arrow_table(), buffer)
    out.write(buffer.getvalue())


_WRITERS = {Format.TABLE: _table, Format.CSV: _csv, Format.JSON: _json, Format.PARQUET: _parquet}


def _names(result: duckdb.DuckDBPyConnection) -> list[str]:
    return [column[0] for column in result.description or []]


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[Sequence[Any]]:
    while batch := result.fetchmany(BATCH):
        yield from batch


def _plain(value: object) -> str:
    if isinstance(value, str):
        return safe_text(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json_value(value: object) -> str:
    """A value as JSON text. Decimals keep every digit: they are written as number literals, never through a float."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(_finite(value), default=str, ensure_ascii=False, allow_nan=False)


def _finite(value: object) -> object:
    """The value with null for what is no number or infinite, which JSON has no words for."""
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _finite(item) for name, item in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
