"""`payers.csv` (INTERFACE 2.2): who the payers are and by which ids and names they appear in the files."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import polars as pl

from loaders import reference_rows, typed_columns
from loaders.csv_table import Layout, read_table
from loaders.source import Finding, LoadResult, SourceFile

CLASSES = (
    "commercial",
    "medicare",
    "medicare_advantage",
    "medicaid",
    "managed_medicaid",
    "tricare",
    "workers_comp",
    "auto_liability",
    "other_government",
    "self_pay",
    "other",
)
LAYOUT = Layout(
    kind="payers",
    signature=frozenset({"payer_id", "payer_class"}),
    required=("payer_id", "payer_name", "payer_class"),
    optional=("aliases",),
)
COLUMNS = (
    typed_columns.text("payer_id", required=True),
    typed_columns.text("payer_name", required=True),
    typed_columns.choice("payer_class", CLASSES),
    typed_columns.text("aliases", blank=""),
)


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Rows to `raw.payers` and `raw.payer_aliases`. An alias two payers claim stays with the first."""
    table = read_table(source.read(), LAYOUT)
    typed, findings = typed_columns.type_rows(table.frame, COLUMNS)
    findings = table.findings + findings
    reference_rows.require_rows(typed, findings, LAYOUT.kind)
    rows, repeats = reference_rows.drop_repeats(typed, ["payer_id"], "payer")
    payers = rows.drop("aliases")
    repeats += reference_rows.repeats_in_force(con, "payers", payers, ["payer_id"], "the payer", source)
    aliases, clashes = _unclaimed(payer_aliases(rows))
    elsewhere = reference_rows.repeats_in_force(
        con, "payer_aliases", aliases, ["alias"], "an alias of the payer", source
    )
    clashes += [replace(finding, severity="warn") for finding in elsewhere if finding.severity == "fail"]
    reference_rows.insert_rows(con, "payers", payers, source.file_number)
    reference_rows.insert_rows(con, "payer_aliases", aliases, source.file_number)
    return LoadResult(LAYOUT.kind, findings=findings + repeats + clashes)


def payer_aliases(payers: pl.DataFrame) -> pl.DataFrame:
    """`line_number, raw_text, payer_id, alias`: aliases as matched (upper case, trimmed), id and name among them."""
    own = pl.concat_list("payer_id", "payer_name", pl.col("aliases").str.split("|"))
    return (
        payers.select("line_number", "raw_text", "payer_id", alias=own)
        .explode("alias")
        .with_columns(pl.col("alias").str.strip_chars().str.to_uppercase())
        .filter(pl.col("alias") != "")
        .unique(["line_number", "payer_id", "alias"], maintain_order=True)
    )


def _unclaimed(aliases: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Aliases of one payer each, and a finding for each payer that claims another's."""
    owned = aliases.with_columns(
        owner=pl.col("payer_id").first().over("alias"), owner_line=pl.col("line_number").first().over("alias")
    )
    taken = owned.filter(pl.col("payer_id") != pl.col("owner"))
    findings = [
        Finding(
            "alias_claimed_twice",
            "warn",
            f"Line {line}: '{alias}' of payer {payer_id} is also payer {owner}'s (line {owner_line}), whose it stays. "
            "Remove it from one of the two.",
            position=line,
        )
        for line, payer_id, alias, owner, owner_line in taken.drop("raw_text").iter_rows()
    ]
    return owned.filter(pl.col("payer_id") == pl.col("owner")).drop("owner", "owner_line"), findings
