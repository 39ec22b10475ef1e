"""The landing's own tables: which files were ever seen, what lies in each inbox, and what was found in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

# Beside it a process that lands needs about 380 MB, for itself and the rows on their way in.
MEMORY_LIMIT = "160MB"
_DDL = """
    CREATE SCHEMA IF NOT EXISTS raw;
    CREATE TABLE IF NOT EXISTS raw.files (
        file_number INTEGER, file_id VARCHAR, file_name VARCHAR, kind VARCHAR, status VARCHAR, refusal_rule VARCHAR,
        refusal_reason VARCHAR, refusal_position BIGINT, byte_count BIGINT, interchange_count INTEGER,
        transaction_count INTEGER, claim_count INTEGER, service_line_count INTEGER, adjustment_count INTEGER,
        charge_amount DECIMAL(18, 2), paid_amount DECIMAL(18, 2), finding_count INTEGER, loaded_at TIMESTAMP,
        run_id VARCHAR
    );
    CREATE TABLE IF NOT EXISTS raw.findings (
        file_number INTEGER, transaction_number INTEGER, segment_number INTEGER, position BIGINT, rule VARCHAR,
        severity VARCHAR, message VARCHAR
    );
    CREATE TABLE IF NOT EXISTS raw.inbox_files (
        inbox VARCHAR, file_name VARCHAR, file_id VARCHAR, in_force_file_id VARCHAR, previous_file_id VARCHAR,
        disk_size BIGINT, modified_ns BIGINT, is_present BOOLEAN
    );
    CREATE OR REPLACE VIEW raw.files_in_force AS
    SELECT DISTINCT files.file_number FROM raw.files
    INNER JOIN raw.inbox_files ON inbox_files.in_force_file_id = files.file_id AND inbox_files.is_present
    WHERE files.status IN ('loaded', 'loaded_with_findings');
"""


def connect(
    database: Path, spill: Path, open_database: Callable[..., duckdb.DuckDBPyConnection] = duckdb.connect
) -> duckdb.DuckDBPyConnection:
    """The database to land in, set so that memory stays the same whatever the size of a file.

    One thread inserts: while it does, the next rows are read in another. Rows are compressed and written as soon as a
    row group is full, and by the newest storage version, which takes a quarter less time over text. What is not in the
    file yet stays in the log until its caller checkpoints, with more memory: a checkpoint reads what was ever
    deleted of all tables, some 600 MB at a million claims. Nor is what was appended and deleted put together here,
    which takes longer than to land a day. `open_database` is called as `duckdb.connect` is; a site that encrypts its
    files has its own.
    """
    con = open_database(
        database,
        config={
            "threads": 1,
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(spill),
            "storage_compatibility_version": "latest",
            "checkpoint_threshold": "16GB",
            "max_vacuum_tasks": 0,
        },
    )
    con.execute("SET write_buffer_row_group_count = 1")
    return con


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the `raw` schema and the landing's tables that are not there yet."""
    con.execute(_DDL)
