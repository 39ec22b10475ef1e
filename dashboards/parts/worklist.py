"""Published worklists, in the order the models rank them."""

from __future__ import annotations

from collections.abc import Sequence

from dashboards.parts import layout, table
from dashboards.parts.context import Context, claim_of
from dashboards.parts.table import column
from dashboards.snapshot import Query


def show(
    context: Context, report: str, wanted: Sequence[str], *, payer_column: str, heading: str, note: str, empty: str
) -> None:
    """The first rows of a worklist under the payer filters; nothing at all where the snapshot has no such list."""
    there = context.reader.columns(report)
    if not there:
        return
    names = [name for name in wanted if name in there]
    where = context.payers_only(payer_column) if payer_column in there else Query("")
    query = Query(f"select {', '.join(['claim_key', *names])} from marts.{report} {where.sql}", where.values)
    columns = [column(name, total=_is_money(name), link=claim_of if name == "claim_id" else None) for name in names]
    order = "priority_rank" if "priority_rank" in names else f"-{next(name for name in names if _is_money(name))}"
    layout.section(heading, note)
    table.show("worklist", query, columns, title=heading, order=order, size=15, empty=empty)


def _is_money(name: str) -> bool:
    return name.endswith("_amount")
