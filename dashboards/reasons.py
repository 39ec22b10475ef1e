"""One plain sentence on what changed in an indicator, and because of whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from dashboards import formats
from dashboards.filters import Filters, add_months, month_end
from dashboards.indicators import NO_ROW, Contribution, Reading, contributions, difference
from dashboards.snapshot import MissingTableError, Query, Reader


def sentence(
    reader: Reader,
    kpi_id: str,
    months: Mapping[date, Reading],
    month: date,
    filters: Filters,
    payer_names: Mapping[str, str],
) -> str:
    """What changed against the month before and why; where it cannot be known, the reason for that."""
    reading = months.get(month)
    if reading is None or reading.value is None:
        return f"Not known: {reading.reason if reading and reading.reason else NO_ROW}."
    before = add_months(month, -1)
    moved = difference(months, month, before)
    if moved is None:
        return f"{formats.month(month)}; there is no {formats.month(before)} to compare with."
    change = movement(reading, moved, before)
    if is_flat(moved, reading.unit):
        return f"{change}."
    payers = [] if filters.payer or filters.payer_class else contributions(reader, kpi_id, month, before)
    because = [
        because_of(payers, moved, reading.unit, payer_names),
        _because_of_kind(reader, kpi_id, month, filters, moved),
    ]
    return ". ".join([change, *(text for text in because if text)]) + "."


def is_flat(moved: Decimal, unit: str) -> bool:
    """Whether a change is too small to be written."""
    return not any(figure in "123456789" for figure in formats.change(moved, unit))


def movement(reading: Reading, moved: Decimal, before: date) -> str:
    """`Up 1.2 points on Aug 2025`; `Unchanged on Aug 2025`."""
    if is_flat(moved, reading.unit):
        return f"{formats.month(reading.month)}: unchanged on {formats.month(before)}"
    size = formats.change(abs(moved), reading.unit).removeprefix("+")
    return f"{formats.month(reading.month)}: {'up' if moved > 0 else 'down'} {size} on {formats.month(before)}"


def because_of(found: Sequence[Contribution], moved: Decimal, unit: str, payer_names: Mapping[str, str]) -> str:
    """The payer that moved an indicator most in its own direction: `Northfield Health accounts for +0.9 points`."""
    same_way = [item for item in found if item.amount * moved > 0 and not is_flat(item.amount, unit)]
    if not same_way:
        return ""
    most = same_way[0]
    name = payer_names.get(most.payer_id, most.payer_id)
    return f"{name} accounts for {formats.change(most.amount, unit)}"


def _because_of_kind(reader: Reader, kpi_id: str, month: date, filters: Filters, moved: Decimal) -> str:
    if kpi_id not in _KINDS:
        return ""
    column, table, amount, dated, only = _KINDS[kpi_id]
    before = add_months(month, -1)
    payer, bound = _payer_clause(filters)
    direction = "desc" if moved > 0 else "asc"
    query = Query(
        f"""
        select {column} as kind, sum(case when {dated} >= ? then {amount} else -{amount} end) as moved
        from marts.{table}
        where {dated} between ? and ? and {only} {payer}
        group by {column} order by moved {direction}, kind limit 1
        """,
        (month, before, month_end(month), *bound),
    )
    try:
        found = reader.one(query)
    except MissingTableError:
        return ""
    if not found or found["kind"] is None or found["moved"] is None or found["moved"] * moved <= 0:
        return ""
    if is_flat(found["moved"], "amount"):
        return ""
    return f"By kind, {formats.within(found['kind'])} moved most ({formats.change(found['moved'], 'amount')})"


def _payer_clause(filters: Filters) -> tuple[str, tuple[str, ...]]:
    if filters.payer:
        return "and payer_id = ?", (filters.payer,)
    if filters.payer_class:
        return "and payer_id in (select payer_id from marts.dim_payers where payer_class = ?)", (filters.payer_class,)
    return "", ()


_COUNTED = "root_cause is distinct from 'contract_load_suspect'"
# column of the kinds, table, money, date, which rows: the rows the indicator itself is made of
_KINDS = {
    "underpayment_amount": (
        "root_cause",
        "fct_payment_variances",
        "recoverable_amount",
        "remit_date",
        f"variance_class = 'underpaid' and {_COUNTED}",
    ),
    "overpayment_amount": (
        "root_cause",
        "fct_payment_variances",
        "variance_amount",
        "remit_date",
        f"variance_class = 'overpaid' and {_COUNTED}",
    ),
    "initial_denial_rate": ("denial_category", "fct_denials", "denied_amount", "denial_date", "is_initial"),
    "initial_denial_rate_dollars": ("denial_category", "fct_denials", "denied_amount", "denial_date", "is_initial"),
}
