"""Tables of sums: one row a value, each figure a link to the rows it is the sum of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from dashboards.parts import table
from dashboards.parts.context import current
from dashboards.parts.table import Column, column
from dashboards.selection import Selection
from dashboards.snapshot import Row


def show(
    name: str,
    selection: Selection,
    by: Sequence[str],
    *,
    title: str,
    amount: str,
    note: str | None = None,
    deeper: Callable[[Row], str] | None = None,
    more: Mapping[str, tuple[str, Column]] | None = None,
    rows: str = "Rows",
    order: str = "-amount",
    size: int = 10,
    empty: str = "Nothing here.",
    headed: bool = False,
) -> None:
    """`selection` by the columns `by`. `deeper` makes the first column lead on; `amount` heads the money.

    `more` adds aggregates: name to its SQL (ours) and its column.
    """
    behind = partial(rows_behind, selection, by)
    extra = more or {}
    columns = [column(item, link=deeper if place == 0 else None) for place, item in enumerate(by)]
    columns.append(Column("row_count", rows, "count", link=behind, total=True))
    if selection.rowset.has_claim and not selection.rowset.is_per_account:
        columns.append(Column("claim_count", "Claims", "count"))
    columns.extend(item for _, item in extra.values())
    if selection.measure:
        columns.append(Column("amount", amount, "money", link=behind, total=True, bar=True))
    query = selection.groups(by, {key: sql for key, (sql, _) in extra.items()})
    table.show(
        name,
        query,
        columns,
        title=title,
        order=order,
        note=note,
        size=size,
        empty=empty,
        row_name="group",
        headed=headed,
    )


def rows_behind(selection: Selection, by: Sequence[str], row: Row) -> str:
    """The address of the rows that one group adds up."""
    return current().rows_link(selection.narrow(**{name: row[name] for name in by}))
