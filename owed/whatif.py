"""`owed whatif`: the last twelve months priced again under another contract file, beside what was expected of them.

A scratch warehouse gets the provider's rates, the claims, and the file as the payer's only contract; the project's own
pricing models do the rest. Dates are relaxed, nothing else: the file counts for every claim of the twelve months, and
the first and last period of each of its rates reach beyond their dates.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb

from loaders import reference
from loaders.contracts.load import read_contract
from loaders.source import Refusal, SourceFile
from owed import encryption, lock
from owed.errors import OwedError, WrongUseError
from owed.home import Home
from owed.pricing_run import create_claims, price
from owed.whatif_compare import Comparison, compare

RATE_TABLES = ("fee_schedule_rates", "drg_weights")
CONTRACT_FILE = 1_000_000
"""File numbers of the files given, above any in a warehouse."""


@dataclass(frozen=True)
class WhatIf:
    """The comparison, and what it was made of."""

    contract_id: str
    payer_id: str
    from_date: str
    to_date: str
    comparison: Comparison

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        head = f"{self.payer_id} under {self.contract_id}, services {self.from_date} to {self.to_date}"
        return f"{head}\n{self.comparison}"


def whatif(home: Home, contract: Path, payer_id: str | None = None, rates: Sequence[Path] = ()) -> WhatIf:
    """Prices the claims of `payer_id` (else the contract's own payer) again under the file.

    `rates`: fee schedules or weights the file names that are not in the inbox. Only reads the home. Raises
    `WrongUseError` for a file that is no contract, or a payer without claims; `OwedError` while a refresh runs.
    """
    if not home.warehouse.exists():
        raise WrongUseError(f"Nothing was loaded in {home.root} yet: run `owed refresh`.")
    files = [_source(path, CONTRACT_FILE + number) for number, path in enumerate((contract, *rates))]
    try:
        named, _ = read_contract(files[0].read(), files[0].name)
    except Refusal as error:
        raise WrongUseError(f"{contract.name} is no contract: {error}") from error
    payer = payer_id or named.payer
    with tempfile.TemporaryDirectory(prefix="owed-whatif-") as folder:
        database = Path(folder) / "warehouse.duckdb"
        with encryption.connect(database) as con:
            lock.attach_idle(con, home)
            _copy_rates(con)
            for file in files:
                _load(con, file)
            _relax(con, payer)
            create_claims(con)
            try:
                from_date, to_date = _copy_claims(con, payer)
            except duckdb.CatalogException as error:  # a build was stopped before it came to the claims
                raise OwedError("No claims are there since a refresh was stopped: run `owed refresh`.") from error
            except duckdb.ConversionException:  # keys of another form; the error quotes one
                raise OwedError("The claims are those of an earlier version: run `owed refresh`.") from None
            con.execute("detach source")
        price(Path(folder), home.runs / "whatif")
        with encryption.connect(database) as con:
            lock.attach_idle(con, home)
            return WhatIf(named.contract, payer, from_date, to_date, compare(con))


def _source(path: Path, number: int) -> SourceFile:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WrongUseError(f"{path} cannot be read: {error.strerror}.") from error
    return SourceFile(number, hashlib.sha256(data).hexdigest(), path.name, len(data), partial(BytesIO, data))


def _copy_rates(con: duckdb.DuckDBPyConnection) -> None:
    """The rates in force in the warehouse; of its contracts none, since the file takes their place."""
    con.execute("create schema raw")
    in_force = "select file_number from source.raw.files_in_force"
    con.execute(f"create table raw.files as select * from source.raw.files where file_number in ({in_force})")
    con.execute(f"create table raw.files_in_force as {in_force}")
    reference.create_tables(con)
    tables = con.execute(
        "select table_name from information_schema.tables where table_schema = 'raw' "
        "and table_catalog = current_database() and (starts_with(table_name, 'cms_') or table_name in (?, ?))",
        RATE_TABLES,
    ).fetchall()
    for (table,) in tables:
        con.execute(
            f"insert into raw.{table} by name select * from source.raw.{table} where file_number in ({in_force})"
        )


def _load(con: duckdb.DuckDBPyConnection, file: SourceFile) -> None:
    with file.open() as stream:
        head = stream.read(reference.HEAD_BYTES)
    loaders = [load for recognise, load in reference.LOADERS if recognise(head)]
    if not loaders:
        raise WrongUseError(f"{file.name} is neither a contract nor rates.")
    con.execute(
        "insert into raw.files by name select ? as file_number, ? as file_id, ? as file_name, 'loaded' as status",
        [file.file_number, file.file_id, file.name],
    )
    con.execute("insert into raw.files_in_force values (?)", [file.file_number])
    try:
        loaders[0](con, file)
    except Refusal as error:
        raise WrongUseError(f"{file.name} cannot be used: {error}") from error


def _relax(con: duckdb.DuckDBPyConnection, payer_id: str) -> None:
    con.execute(
        "update raw.contracts set payer_id = ?, effective_from = date '1900-01-01', effective_to = null", [payer_id]
    )
    for table, keys in zip(
        RATE_TABLES, ("schedule_id, procedure_code, modifier, setting", "weight_set, drg"), strict=True
    ):
        con.execute(
            f"""
            create or replace temp table ends as select rowid as row_id,
                row_number() over (partition by {keys} order by effective_from nulls first) = 1 as is_first,
                row_number() over (partition by {keys} order by effective_from desc nulls last) = 1 as is_last
            from raw.{table}
            """
        )
        con.execute(f"update raw.{table} set effective_from = null from ends where row_id = {table}.rowid and is_first")
        con.execute(f"update raw.{table} set effective_to = null from ends where row_id = {table}.rowid and is_last")


def _copy_claims(con: duckdb.DuckDBPyConnection, payer_id: str) -> tuple[str, str]:
    """The newest submission of each claim of the payer in the twelve months up to the as-of date."""
    con.execute(
        f"""
        insert into intermediate.int_submissions by name
        select {_columns(con, "int_submissions", "submissions")}
        from source.intermediate.int_submissions as submissions
        inner join source.intermediate.int_claims as claims on submissions.submission_id = claims.current_submission_id
        cross join source.intermediate.int_as_of as as_of
        where claims.payer_id = ? and not claims.is_void
            and claims.service_from_date <= as_of.as_of_date
            and claims.service_from_date > as_of.as_of_date - interval 12 month
        """,
        [payer_id],
    )
    first, last, count = con.execute(
        "select min(service_from_date), max(service_from_date), count(*) from intermediate.int_submissions"
    ).fetchall()[0]
    if not count:
        raise WrongUseError(f"No claim of payer {payer_id} in the last twelve months.")
    con.execute(
        f"""
        insert into intermediate.int_submission_lines by name
        select {_columns(con, "int_submission_lines", "lines")}
        from source.intermediate.int_submission_lines as lines
        where lines.submission_id in (select submission_id from intermediate.int_submissions)
        """
    )
    return str(first), str(last)


def _columns(con: duckdb.DuckDBPyConnection, table: str, alias: str) -> str:
    """The columns pricing reads of a table of claims: the warehouse's has others besides."""
    found = con.execute(f"describe intermediate.{table}").fetchall()
    return ", ".join(f"{alias}.{name}" for name, *_ in found)
