"""Getting a table's rows: whole when they are few sums, page by page out of SQL when they may be millions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboards.snapshot import ROW_LIMIT, Query, Reader, Row


@dataclass(frozen=True)
class View:
    """What of a table the address asks for: `order` is a column, descending with a `-` before it."""

    order: str
    page: int
    size: int

    @property
    def name(self) -> str:
        return self.order.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        return self.order.startswith("-")


@dataclass(frozen=True)
class Fetched:
    """A page's rows, how many there are in all, and the sums over all of them.

    `known` counts, by summed column, the rows whose value is known: a sum of fewer than all is no total.
    """

    rows: Sequence[Row]
    found: int
    totals: Row
    known: dict[str, int]
    view: View


def summary(reader: Reader, query: Query, summed: Sequence[str], keys: Sequence[str], view: View) -> Fetched:
    """A query of few rows, read once whole: sorting and paging it again asks the snapshot nothing."""
    rows = reader.rows(query)
    if len(rows) == ROW_LIMIT:
        return paged(reader, query, summed, keys, view)
    values = {name: [row[name] for row in rows if row[name] is not None] for name in summed}
    totals = {name: sum(known, Decimal(0)) for name, known in values.items()}
    counts = {name: len(known) for name, known in values.items()}
    view = _within(view, len(rows))
    first = (view.page - 1) * view.size
    return Fetched(ordered(rows, view, keys)[first : first + view.size], len(rows), totals, counts, view)


def ordered(rows: Sequence[Row], view: View, keys: Sequence[str]) -> list[Row]:
    """Rows in the view's order, unknown values last, ties by the key columns; as SQL's `nulls last` does it."""
    made = sorted(rows, key=lambda row: [_sortable(row[name]) for name in keys])
    known = [row for row in made if row[view.name] is not None]
    unknown = [row for row in made if row[view.name] is None]
    return [*sorted(known, key=lambda row: _sortable(row[view.name]), reverse=view.is_descending), *unknown]


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is None, "" if value is None else value


def paged(reader: Reader, query: Query, summed: Sequence[str], keys: Sequence[str], view: View) -> Fetched:
    """A page of a query of any size: one query for number and sums of all rows, one for those shown."""
    sums = "".join(f', coalesce(sum("{name}"), 0) as "{name}", count("{name}") as "{name}.known"' for name in summed)
    totals = reader.one(Query(f"select count(*) as _found{sums} from ({query.sql})", query.values))
    view = _within(view, totals["_found"])
    values = (*query.values, view.size, (view.page - 1) * view.size)
    rows = reader.rows(Query(f"select * from ({query.sql}) {order_by(view, keys)} limit ? offset ?", values))
    return Fetched(rows, totals["_found"], totals, {name: totals[f"{name}.known"] for name in summed}, view)


def order_by(view: View, keys: Sequence[str]) -> str:
    """`order by …` of a view; its name was checked against the query's columns."""
    ties = "".join(f', "{name}"' for name in keys if name != view.name)
    return f'order by "{view.name}" {"desc" if view.is_descending else "asc"} nulls last{ties}'


def _within(view: View, found: int) -> View:
    """The view on a page that exists."""
    return View(view.order, min(max(view.page, 1), max(1, -(-found // view.size))), view.size)
