"""Which payment variances count as underpaid and overpaid, as more than one page adds them up."""

from __future__ import annotations

from dashboards.parts.context import Context
from dashboards.selection import Selection

SUSPECT = "contract_load_suspect"
COMPARED = ("as_expected", "underpaid", "overpaid")


def counted(context: Context, side: str) -> Selection:
    """The rows of one side, `underpaid` or `overpaid`, summed as what is recoverable or as the variance itself.

    A contract that we probably loaded wrongly is no payer's mistake: its rows are in neither.
    """
    return _summed(context.select("variances", variance_class=side).besides(root_cause=SUSPECT), side)


def suspected(context: Context, side: str) -> Selection:
    """The rows of one side that are left out of `counted`, to be shown apart."""
    return _summed(context.select("variances", variance_class=side, root_cause=SUSPECT), side)


def _summed(rows: Selection, side: str) -> Selection:
    return rows.summing("recoverable_amount" if side == "underpaid" else "variance_amount")


def compared(context: Context) -> Selection:
    """Lines that were priced, answered and not refused: those on which a payer can keep its contract."""
    return context.select("variances", variance_class=COMPARED).besides(root_cause=SUSPECT).summing("allowed_amount")
