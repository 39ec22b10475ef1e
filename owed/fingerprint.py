"""What a snapshot was made from, in one hash: the same inputs under the same program need no second build."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import duckdb

import owed
from owed.home import project_dir

PROGRAM = ("models", "seeds", "macros", "tests/sql", "dbt_project.yml", "profiles.yml")


_FILES = "select file_id, file_name, status from raw.files order by all"
_IN_FORCE = """
    select files.file_id, files.file_name from raw.files
    inner join raw.files_in_force on files.file_number = files_in_force.file_number
    order by all
"""
_PRICING = """
    select files.file_id from raw.files
    inner join raw.files_in_force on files.file_number = files_in_force.file_number
    where files.kind in ('contract', 'fee_schedule', 'weights', 'cms_rates')
    order by all
"""


def of(warehouse: duckdb.DuckDBPyConnection, as_of: date | None, run_date: date) -> str:
    """The fingerprint (64 hex digits) of a build now: files landed and in force, dates asked for, the program."""
    return _digest(warehouse, f"{as_of} {run_date}", _FILES, _IN_FORCE)


def of_prices(warehouse: duckdb.DuckDBPyConnection) -> str:
    """The fingerprint of what contract examples rest on: contracts and rates in force, the program."""
    return _digest(warehouse, "", _PRICING)


def _digest(warehouse: duckdb.DuckDBPyConnection, asked: str, *queries: str) -> str:
    digest = hashlib.sha256(f"{owed.__version__} {asked} {program()}".encode())
    for query in queries:
        for row in warehouse.execute(query).fetchall():
            digest.update(repr(row).encode())
    return digest.hexdigest()


def program() -> str:
    """The fingerprint of all that the models are made of."""
    root = project_dir()
    digest = hashlib.sha256()
    for path in sorted(file for part in PROGRAM for file in _files(root / part)):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
