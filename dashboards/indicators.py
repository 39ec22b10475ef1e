"""Key indicators from the published `fct_kpis`: their months, what changed, and which payer made the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboards.filters import Filters, add_months
from dashboards.snapshot import Query, Reader, Row

ALL_PAYERS = "ALL"
NOT_ADDABLE = "this indicator is published for single payers and for all of them, not for a group"
NO_ROW = "nothing was published for this month"


@dataclass(frozen=True)
class Reading:
    """One indicator in one month. `value` is None with a `reason` where it could not be computed."""

    kpi_id: str
    month: date
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    unit: str
    target_low: Decimal | None
    target_high: Decimal | None
    reason: str | None
    is_partial: bool

    @property
    def is_goal_met(self) -> bool | None:
        """Whether the value is inside its target; None when either is not known."""
        if self.value is None or (self.target_low is None and self.target_high is None):
            return None
        above = self.target_low is None or self.value >= self.target_low
        return above and (self.target_high is None or self.value <= self.target_high)

    @property
    def better(self) -> int:
        """+1 when more is better, -1 when less is, 0 when the target does not say."""
        return (self.target_high is None) - (self.target_low is None) if self.has_target else 0

    @property
    def has_target(self) -> bool:
        return self.target_low is not None or self.target_high is not None


@dataclass(frozen=True)
class Contribution:
    """What one payer added to a change; the contributions of all payers add up to it."""

    payer_id: str
    amount: Decimal


def read(reader: Reader, kpi_ids: Sequence[str], filters: Filters) -> dict[str, dict[date, Reading]]:
    """Indicator to month to reading, under the payer and class filters. Indicators without rows are left out."""
    marks = ", ".join("?" for _ in kpi_ids)
    if filters.payer:
        where, bound = "payer_id = ?", filters.payer
    elif filters.payer_class:
        where, bound = "payer_id in (select payer_id from marts.dim_payers where payer_class = ?)", filters.payer_class
    else:
        where, bound = "payer_id = ?", ALL_PAYERS
    rows = reader.rows(
        Query(
            f"select {_COLUMNS} from marts.fct_kpis where kpi_id in ({marks}) and {where} order by period_month",
            (*kpi_ids, bound),
        )
    )
    grouped: dict[str, dict[date, list[Row]]] = {}
    for row in rows:
        grouped.setdefault(row["kpi_id"], {}).setdefault(row["period_month"], []).append(row)
    return {kpi: {month: together(found) for month, found in months.items()} for kpi, months in grouped.items()}


def together(rows: Sequence[Row]) -> Reading:
    """One reading of several payers' rows of one indicator and month: sums added up, ratios of the sums."""
    first = rows[0]
    value, reason = first["value"], first["not_computable_reason"]
    numerator, denominator = _added(rows, "numerator"), _added(rows, "denominator")
    if len(rows) > 1:
        value = _group_value(rows, first["unit"], numerator, denominator)
        reason = None if value is not None else NOT_ADDABLE
    return Reading(
        kpi_id=first["kpi_id"],
        month=first["period_month"],
        value=value,
        numerator=numerator,
        denominator=denominator,
        unit=first["unit"],
        target_low=first["target_low"],
        target_high=first["target_high"],
        reason=reason if value is None else None,
        is_partial=bool(first["is_partial_month"]),
    )


def _added(rows: Sequence[Row], name: str) -> Decimal | None:
    known = [row[name] for row in rows if row[name] is not None]
    return sum(known, Decimal(0)) if known else None


def _group_value(
    rows: Sequence[Row], unit: str, numerator: Decimal | None, denominator: Decimal | None
) -> Decimal | None:
    if unit in {"amount", "count"}:
        return _added(rows, "value")
    return ratio(numerator, denominator, unit)


def ratio(numerator: Decimal | None, denominator: Decimal | None, unit: str) -> Decimal | None:
    """Numerator ÷ denominator, in percent where the unit says so; None when there is nothing to divide by."""
    if numerator is None or not denominator:
        return None
    return numerator * (100 if unit == "percent" else 1) / denominator


def month_shown(months: Mapping[date, Reading], filters: Filters, as_of: date) -> date | None:
    """The month a card shows: the one chosen, else the newest whole month up to the as-of date."""
    if filters.single_month:
        return filters.single_month
    whole = [month for month, reading in months.items() if not reading.is_partial and month <= as_of]
    return max(whole, default=max(months, default=None))


def trend(months: Mapping[date, Reading], until: date, count: int = 13) -> list[tuple[date, Decimal | None]]:
    """The values of the `count` months up to and with `until`; None where a month is not known."""
    wanted = [add_months(until, back - count + 1) for back in range(count)]
    return [(month, months[month].value if month in months else None) for month in wanted]


def difference(months: Mapping[date, Reading], now: date, before: date) -> Decimal | None:
    """Value now less value before; None when either is not known."""
    new, old = months.get(now), months.get(before)
    if new is None or old is None or new.value is None or old.value is None:
        return None
    return new.value - old.value


def contributions(reader: Reader, kpi_id: str, now: date, before: date) -> list[Contribution]:
    """What each payer added to the change of an indicator over all payers, largest first.

    A sum changes by each payer's own change. A ratio changes by each payer's numerator over everyone's denominator.
    """
    rows = reader.rows(
        Query(
            f"select {_COLUMNS} from marts.fct_kpis where kpi_id = ? and period_month in (?, ?)", (kpi_id, now, before)
        )
    )
    whole = {row["period_month"]: row for row in rows if row["payer_id"] == ALL_PAYERS}
    if set(whole) != {now, before}:
        return []
    shares: dict[str, Decimal] = {}
    for row in rows:
        part = _share(row, whole[row["period_month"]])
        if row["payer_id"] != ALL_PAYERS and part is not None:
            sign = 1 if row["period_month"] == now else -1
            shares[row["payer_id"]] = shares.get(row["payer_id"], Decimal(0)) + sign * part
    found = [Contribution(payer_id, amount) for payer_id, amount in shares.items()]
    return sorted(found, key=lambda item: (-abs(item.amount), item.payer_id))


def _share(row: Row, whole: Row) -> Decimal | None:
    if row["unit"] in {"amount", "count"}:
        value: Decimal | None = row["value"]
        return value
    return ratio(row["numerator"], whole["denominator"], row["unit"])


_COLUMNS = (
    "kpi_id, period_month, payer_id, value, numerator, denominator, unit, target_low, target_high,"
    " not_computable_reason, is_partial_month"
)
