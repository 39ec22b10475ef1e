"""Tables of sums: one row a value, each figure a link to the rows it is the sum of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from dashboards import definitions
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
    counts_claims: bool = False,
) -> None:
    """`selection` by the columns `by`. `deeper` makes the first column lead on; `amount` heads the money.

    `counts_claims` adds the number of claims, which costs most where rows are many. `more` adds aggregates: name to its
    SQL (ours) and its column.
    """
    behind = partial(rows_behind, selection, by)
    extra = more or {}
    words = definitions.columns(current().reader, selection.rowset.table)
    columns = [column(item, link=deeper if place == 0 else None, help=words.get(item)) for place, item in enumerate(by)]
    columns.append(Column("row_count", rows, "count", link=behind, total=True))
    if counts_claims:
        columns.append(Column("claim_count", "Claims", "count"))
    columns.extend(item for _, item in extra.values())
    if selection.measure:
        columns.append(
            Column("amount", amount, "money", link=behind, total=True, bar=True, help=words.get(selection.measure))
        )
    aggregates = {key: sql for key, (sql, _) in extra.items()}
    if counts_claims:
        aggregates["claim_count"] = "count(distinct claim_key)"
    query = selection.groups(by, aggregates)
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
        is_summary=True,
    )


def rows_behind(selection: Selection, by: Sequence[str], row: Row) -> str:
    """The address of the rows that one group adds up."""
    return current().rows_link(selection.narrow(**{name: row[name] for name in by}))
