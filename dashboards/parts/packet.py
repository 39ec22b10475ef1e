"""The evidence packet as two buttons, for those who may see whose claims it names."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import streamlit as st

from dashboards.parts.context import Context
from dashboards.snapshot import Reader
from owed.reports import evidence
from owed.reports.stamp import stamp_of

_NEEDED = ("fct_adjudications", "fct_adjustments", "fct_pricing_steps", "rpt_underpayment_projects")


def buttons(context: Context, *, project: str | None = None, claim: str | None = None) -> None:
    """PDF and workbook of one project (its id) or one claim (its key). Made when pressed, not before.

    Nothing for a reader who sees no identifiers, or where the snapshot is of a version without the payers' answers.
    """
    reader = context.reader
    if reader.is_masked or not all(reader.columns(table) for table in _NEEDED):
        return
    with st.container(horizontal=True, key="packet"):
        for ending, label in (("pdf", "Evidence packet, PDF"), ("xlsx", "Its lines and steps, Excel")):
            st.download_button(
                label,
                data=partial(_made, reader, ending, project, claim),
                file_name=f"owed-{reader.snapshot.build}-evidence.{ending}",
                key=f"packet_{ending}",
                icon=":material/download:",
                on_click="ignore",
                help="Contract clause, price step by step, the payer's answer and the difference: to send to the payer",
            )


def _made(reader: Reader, ending: str, project: str | None, claim: str | None) -> bytes:
    def make(connection: duckdb.DuckDBPyConnection) -> tuple[bytes, int]:
        with TemporaryDirectory() as folder:
            out = Path(folder) / f"evidence.{ending}"
            _, rows = evidence.write(connection, out, stamp_of(connection), project, claim)
            return out.read_bytes(), rows

    return reader.for_packet(f"evidence {project or claim}", ending, make)
