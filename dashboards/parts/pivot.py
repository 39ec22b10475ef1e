"""A table of two columns against each other; every cell is a link to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from dashboards.parts import table
from dashboards.parts.context import current
from dashboards.parts.table import Column, column
from dashboards.selection import Selection
from dashboards.snapshot import Query, Row


def show(
    name: str, selection: Selection, down: str, across: str, values: Sequence[str], *, title: str, headed: bool = False
) -> None:
    """Sums of the selection's money: one row a value of `down`, one column each of the known `values` of `across`."""
    sums = ", ".join(
        f"coalesce(sum({selection.measure}) filter ({across} = '{value}'), 0.00) as \"{value}\"" for value in values
    )
    query = selection.select(f"{down}, {sums}, sum({selection.measure}) as amount", f"group by {down}")
    columns = [
        column(down),
        *(
            Column(value, value, "money", link=partial(_rows, selection, down, across, value), total=True)
            for value in values
        ),
        Column("amount", "All", "money", link=partial(_rows, selection, down, None, None), total=True),
    ]
    table.show(
        name,
        Query(query.sql, query.values),
        columns,
        title=title,
        order="-amount",
        size=12,
        row_name="group",
        headed=headed,
        is_summary=True,
    )


def _rows(selection: Selection, down: str, across: str | None, value: str | None, row: Row) -> str | None:
    if not row[value or "amount"]:
        return None
    narrowed = selection.narrow(**{down: row[down]})
    return current().rows_link(narrowed.narrow(**{across: value}) if across else narrowed)
