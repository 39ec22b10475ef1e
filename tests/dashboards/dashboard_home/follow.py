"""Following a link to the rows it names, as the page of rows does."""

from __future__ import annotations

from datetime import date

from dashboards.filters import Filters
from dashboards.selection import Selection
from dashboards.snapshot import Reader

from .links import Link


def selection_of(link: Link, as_of: date) -> Selection | None:
    """The rows an address names; None when it names none."""
    filters = Filters.from_query({name: values[-1] for name, values in link.query.items()})
    return Selection.from_query(link.query, filters, as_of)


def adds_up(link: Link, reader: Reader, as_of: date) -> bool:
    """Whether the rows behind a link are as many, or sum to as much, as its text says."""
    selection = selection_of(link, as_of)
    assert selection is not None, link.address
    totals = reader.one(selection.totals())
    return link.amount in (totals["total_amount"], totals["row_count"])
