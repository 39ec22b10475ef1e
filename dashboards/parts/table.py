"""Tables that sort, page and add up in SQL, so that a page holds a few rows however many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import streamlit as st
from markupsafe import Markup

from dashboards import formats, labels
from dashboards.parts import export, fetch
from dashboards.parts.context import current, here
from dashboards.parts.fetch import Fetched, View
from dashboards.snapshot import Query, Row

Link = Callable[[Row], str | None]
EMPTY = Markup("")
LONG = 44  # text beyond this may be broken into lines


@dataclass(frozen=True)
class Column:
    """One column: the query's name for it, how it is headed and written, and where its cells lead.

    `total` adds it up over all rows, not only those shown; `bar` draws its size behind the figure.
    """

    name: str
    label: str
    kind: str
    link: Link | None = None
    total: bool = False
    bar: bool = False
    help: str | None = None


def column(name: str, **changes: Any) -> Column:
    """A column with its usual label and kind; keywords change any part."""
    return replace(Column(name, labels.label(name), labels.kind(name)), **changes)


def show(
    name: str,
    query: Query,
    columns: Sequence[Column],
    *,
    title: str,
    order: str,
    size: int = 10,
    note: str | None = None,
    empty: str = "Nothing here.",
    row_name: str = "row",
    sortable: Sequence[str] = (),
    headed: bool = False,
    is_summary: bool = False,
) -> None:
    """One table with its pager, totals and exports. `name` tells its part of the address from others'.

    `title` names it for screen readers and exports, and stands above it when `headed` (where a section has several).
    `sortable` names columns of the query that are not shown and may be the `order`. A query `is_summary` when its rows
    are few whatever the size of the data.
    """
    names = [item.name for item in columns]
    summed = [item.name for item in columns if item.total]
    fetcher = fetch.summary if is_summary else fetch.paged
    fetched = fetcher(current().reader, query, summed, names[:3], _asked(name, [*names, *sortable], order, size))
    shown, view, found = fetched.rows, fetched.view, fetched.found
    heading = Markup('<h3 class="table-title">{}</h3>').format(title) if headed else EMPTY
    about = Markup('<p class="note">{}</p>').format(note) if note else EMPTY
    if not shown:
        st.html(heading + about + Markup('<p class="empty">{}</p>').format(empty))
        return
    largest, names_of = _largest(shown, columns), _names(shown, columns)
    body = EMPTY.join(_row(row, columns, largest, names_of) for row in shown)
    table = Markup(
        '<div class="table-scroll" role="region" tabindex="0" aria-label="{}"><table>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody>{}</table></div>"
    ).format(title, EMPTY.join(_head(name, item, view) for item in columns), body, _foot(columns, fetched))
    st.html(heading + about + table)
    with st.container(horizontal=True, vertical_alignment="center", key=f"below_{name}"):
        st.html(_pager(name, title, view, found, row_name), width="content")
        export.buttons(name, title, query, columns, found, fetch.order_by(view, names[:3]))


def _asked(name: str, names: Sequence[str], order: str, size: int) -> View:
    asked = st.query_params.get(f"{name}.sort", order)
    page = st.query_params.get(f"{name}.page", "1")
    return View(
        order=asked if asked.removeprefix("-") in names else order,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        size=size,
    )


def _head(name: str, item: Column, view: View) -> Markup:
    sorted_by = view.name == item.name
    descending = view.is_descending
    first = f"-{item.name}" if item.kind in labels.NUMERIC else item.name
    turned = (item.name if descending else f"-{item.name}") if sorted_by else first
    state = ("descending" if descending else "ascending") if sorted_by else "none"
    mark = Markup('<span aria-hidden="true">{}</span>').format(("↓" if descending else "↑") if sorted_by else "")
    address = here(**{f"{name}.sort": turned, f"{name}.page": None})
    return Markup('<th scope="col" class="{}" aria-sort="{}"><a href="{}" title="{}">{}{}</a></th>').format(
        _class(item), state, address, item.help or f"Sort by {item.label.lower()}", item.label, mark
    )


def _class(item: Column) -> str:
    return "num" if item.kind in labels.NUMERIC else "text"


def _largest(rows: Sequence[Row], columns: Sequence[Column]) -> dict[str, Decimal]:
    return {
        item.name: max((abs(Decimal(row[item.name] or 0)) for row in rows), default=Decimal(0))
        for item in columns
        if item.bar
    }


def _names(rows: Sequence[Row], columns: Sequence[Column]) -> dict[str, dict[str, str]]:
    """By kind of key, the names that people know them by."""
    kinds = {item.kind for item in columns}
    context = current()
    return {
        "payer": context.payer_names if "payer" in kinds else {},
        "claim": context.claim_ids(rows) if "claim" in kinds else {},
    }


def _row(
    row: Row, columns: Sequence[Column], largest: dict[str, Decimal], names_of: dict[str, dict[str, str]]
) -> Markup:
    return Markup("<tr>{}</tr>").format(EMPTY.join(_cell(row, item, largest, names_of) for item in columns))


def _cell(row: Row, item: Column, largest: dict[str, Decimal], names_of: dict[str, dict[str, str]]) -> Markup:
    value = row[item.name]
    if item.kind == "by_unit":
        text = "–" if value is None else formats.quantity(value, row["unit"])
    else:
        text = labels.written(names_of.get(item.kind, {}).get(value, value), item.kind)
    address = item.link(row) if item.link else None
    if address:
        amount = Markup(' data-amount="{}"').format(value) if item.kind in {"money", "count"} else EMPTY
        content = Markup('<a href="{}"{}>{}</a>').format(address, amount, text)
    else:
        content = Markup("{}").format(text)
    if largest.get(item.name):
        share = int(abs(Decimal(value or 0)) * 100 / largest[item.name])
        bar = Markup('<span class="track"><span class="bar" style="width:{}%"></span></span>').format(share)
        content = bar + content
    looks = {"barred": item.bar, "unknown": text in {formats.UNKNOWN, "–"}, "long": len(text) > LONG}
    look = " ".join([_class(item), *(name for name, applies in looks.items() if applies)])
    return Markup('<td class="{}">{}</td>').format(look, content)


def _foot(columns: Sequence[Column], fetched: Fetched) -> Markup:
    if not any(item.total for item in columns):
        return EMPTY
    cells = [
        Markup('<td class="{}">{}</td>').format(
            _class(item), _total(item, fetched) if item.total else ("All rows" if item is columns[0] else "")
        )
        for item in columns
    ]
    return Markup("<tfoot><tr>{}</tr></tfoot>").format(EMPTY.join(cells))


def _total(item: Column, fetched: Fetched) -> Markup | str:
    """A column's sum; where some values are not known, it says that it is only the sum of the others."""
    known = fetched.known[item.name]
    if not known and fetched.found:
        return formats.UNKNOWN
    text = labels.written(fetched.totals[item.name], item.kind)
    return text if known == fetched.found else Markup('{}<span class="partly">of those known</span>').format(text)


def _pager(name: str, title: str, view: View, found: int, row_name: str) -> Markup:
    plural = row_name if found == 1 else f"{row_name}s"
    last = max(1, -(-found // view.size))
    if last == 1:
        return Markup('<p class="pager">{} {}</p>').format(formats.count(found), plural)
    first_shown = (view.page - 1) * view.size + 1
    last_shown = min(found, view.page * view.size)
    text = f"{formats.count(first_shown)} to {formats.count(last_shown)} of {formats.count(found)} {plural}"
    return Markup('<nav class="pager" aria-label="Pages of: {}"><span>{}</span>{}{}</nav>').format(
        title, text, _step(name, view.page - 1, "Previous", last), _step(name, view.page + 1, "Next", last)
    )


def _step(name: str, page: int, text: str, last: int) -> Markup:
    if not 1 <= page <= last:
        return EMPTY
    return Markup('<a href="{}">{}</a>').format(here(**{f"{name}.page": str(page)}), text)
