"""What every reference table needs: the same record said twice, and the rows into `raw`.

One rule for all of them: of two records with one key the one landed first stands. Said again alike it is only noted;
said differently it contradicts, and the later one is a `fail` finding. Across files this is asked of the files in
force, and staging holds the later record back for as long as the earlier one is in force.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import polars as pl

from loaders.source import Finding, Refusal, SourceFile


def drop_repeats(frame: pl.DataFrame, keys: Sequence[str], what: str) -> tuple[pl.DataFrame, list[Finding]]:
    """The first row of each key, and a finding for every later one: `info` when alike, `fail` when not.

    `frame` has `line_number`, `raw_text` and typed columns, in the order of the file.
    """
    values = [name for name in frame.columns if name not in ("line_number", "raw_text")]
    numbered = frame.with_columns(first_line=pl.col("line_number").min().over(keys))
    later = numbered.filter(pl.col("line_number") != pl.col("first_line"))
    if later.is_empty():
        return frame, []
    firsts = frame.select(first_line="line_number", **{f"first_{name}": name for name in values})
    is_alike = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"first_{name}")) for name in values)
    compared = later.join(firsts, on="first_line", how="inner").with_columns(is_alike=is_alike)
    findings = []
    columns = ("line_number", "first_line", "raw_text", "is_alike")
    for line, first_line, raw_text, is_same in compared.sort("line_number").select(columns).iter_rows():
        if is_same:
            message = f"Line {line}: the {what} of line {first_line} again, word for word; it counts once."
            findings.append(Finding("record_repeated", "info", message, position=line))
        else:
            message = (
                f"Line {line}: the {what} of line {first_line} again, with other content; line {first_line} stands. "
                "Correct one of the two."
            )
            findings.append(Finding("record_contradicts", "fail", message, position=line, raw_text=raw_text))
    return frame.join(later.select("line_number"), on="line_number", how="anti"), findings


def repeats_in_force(
    con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, keys: Sequence[str], what: str, source: SourceFile
) -> list[Finding]:
    """Findings on rows of `frame` that another file in force also has.

    The landing takes a file's earlier content out of force before its new content is loaded.
    """
    values = [name for name in frame.columns if name not in ("line_number", "raw_text", *keys)]
    same_key = " and ".join(f"landed.{name} is not distinct from new_rows.{name}" for name in keys)
    alike = " and ".join(f"landed.{name} is not distinct from new_rows.{name}" for name in values)
    con.register("new_rows", frame.to_arrow())
    found = con.execute(
        f"""
        select new_rows.line_number, new_rows.raw_text, files.file_name, landed.line_number, {alike} as is_alike
        from new_rows
        inner join raw.{table} as landed on {same_key}
        inner join raw.files_in_force on landed.file_number = files_in_force.file_number
        inner join raw.files on landed.file_number = files.file_number
        where landed.file_number <> ?
        order by files.file_name, new_rows.line_number
        """,
        [source.file_number],
    ).fetchall()
    con.unregister("new_rows")
    findings = []
    alike_lines: dict[str, list[int]] = {}
    for line, raw_text, file_name, landed_line, is_alike in found:
        if is_alike:
            alike_lines.setdefault(file_name, []).append(line)
            continue
        message = (
            f"Line {line}: {what} is also in {file_name}, line {landed_line}, with other content; that one stands. "
            "Correct one of the two."
        )
        findings.append(Finding("record_contradicts", "fail", message, position=line, raw_text=raw_text))
    for file_name, lines in alike_lines.items():
        message = (
            f"{len(lines)} rows are also in {file_name}, word for word, from line {lines[0]} on; each counts once."
        )
        findings.append(Finding("record_repeated", "info", message, position=lines[0]))
    return findings


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, file_number: int) -> None:
    """Appends `frame` (columns named as the table's, `raw_text` left out) to `raw.<table>`.

    DuckDB finds the rows by the variable's name: registered, each batch would stay in memory until the commit.
    """
    new_rows = (
        frame.drop("raw_text", strict=False).with_columns(file_number=pl.lit(file_number, dtype=pl.Int32)).to_arrow()
    )
    con.execute(f"insert into raw.{table} by name select * from new_rows")
    del new_rows


def require_rows(frame: pl.DataFrame, findings: Sequence[Finding], kind: str) -> None:
    """Refuses a file none of whose rows could be used: what was in force before it then stays."""
    if frame.is_empty():
        first = next((finding.message for finding in findings if finding.severity == "fail"), None)
        reason = "No row can be used." + (f" The first one: {first}" if first else " The file has a header only.")
        raise Refusal("csv_nothing_usable", reason, kind=kind)
