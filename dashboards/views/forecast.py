"""Cash forecast: what open claims should bring over 13 weeks, and how good earlier forecasts were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from dashboards import formats
from dashboards.parts import charts, filter_bar, layout, table
from dashboards.parts.context import Context, current
from dashboards.parts.table import Column, column
from dashboards.snapshot import Query, Row


def show(context: Context) -> None:
    with layout.part("The cash forecast"):
        headline(context)
        filter_bar.show(context, ("payer_class",))
        weeks(context)
    with layout.part("Sources"):
        sources(context)
    with layout.part("The back-test"):
        back_test(context)


def _where(context: Context, clause: str) -> tuple[str, tuple[Any, ...]]:
    chosen = context.filters.payer_class
    return (f"where {clause} and payer_class = ?", (chosen,)) if chosen else (f"where {clause}", ())


def headline(context: Context) -> None:
    found = by_source(context)
    row = context.reader.one(
        Query(
            f"select sum(forecast_amount) as amount, sum(uncovered_amount) as uncovered from ({found.sql})",
            found.values,
        )
    )
    if row["amount"] is None:
        layout.title("forecast", "There is not enough history to forecast from.")
        return
    uncovered = row["uncovered"] or Decimal(0)
    detail = (
        "From what is open now and how fast each class of payer has paid such claims so far; new claims are left out."
    )
    if uncovered:
        detail += (
            f" {formats.short_dollars(uncovered)} is open that has no history to forecast all of these weeks from."
        )
    layout.title("forecast", f"{formats.short_dollars(row['amount'])} should come in over the next 13 weeks.", detail)


def weeks(context: Context) -> None:
    where, values = _where(context, "weeks_back = 0")
    rows = context.reader.rows(
        Query(
            "select week_start_date as week, sum(forecast_amount) as amount from marts.fct_cash_forecasts"
            f" {where} group by all order by week",
            values,
        )
    )
    layout.section("When will it come?", "Expected payments by week.")
    known: list[tuple[date, Decimal | None]] = [(row["week"], row["amount"]) for row in rows if row["week"]]
    charts.weekly_columns(known, "Expected payments by week")


def by_source(context: Context) -> Query:
    """One row a class and source. A balance without history for any of the weeks counts as without history."""
    where, values = _where(context, "weeks_back = 0")
    return Query(
        "select payer_class, source, max(open_amount) as open_amount, max(uncovered_amount) as uncovered_amount,"
        " sum(forecast_amount) as forecast_amount"
        f" from marts.fct_cash_forecasts {where} group by payer_class, source",
        values,
    )


def sources(context: Context) -> None:
    columns = [
        column("payer_class", label="Class"),
        column("source", kind="words"),
        Column("open_amount", "Open", "money", total=True),
        Column("uncovered_amount", "Without history", "money", total=True),
        Column("forecast_amount", "Expected in 13 weeks", "money", total=True, bar=True),
    ]
    layout.section("From what?")
    title = "Expected payments by class and source"
    table.show("sources", by_source(context), columns, title=title, order="-forecast_amount", size=20, is_summary=True)


def back_test(context: Context) -> None:
    """Earlier forecasts against what came, over the weeks that are past."""
    where, values = _where(context, "weeks_back > 0 and actual_amount is not null")
    rows = context.reader.rows(
        Query(
            "select weeks_back, forecast_date, count(distinct week_number) as weeks,"
            " sum(forecast_amount) as forecast_amount, sum(actual_amount) as actual_amount"
            f" from marts.fct_cash_forecasts {where} group by all order by weeks_back",
            values,
        )
    )
    layout.section(
        "How good were earlier forecasts?",
        "Made as of an earlier day with what was known then, against what came on those claims in the weeks since.",
    )
    if not rows:
        layout.empty("No earlier day has enough history.")
        return
    layout.sentences([_told(row) for row in rows])


def _told(row: Row) -> str:
    forecast, actual = row["forecast_amount"], row["actual_amount"]
    made = f"On {formats.day(row['forecast_date'])}, for {formats.counted(row['weeks'], 'week')}"
    if not forecast or actual is None:
        return f"{made}: nothing could be forecast."
    error = (actual - forecast) * 100 / forecast
    side = "above" if error > 0 else "below"
    return (
        f"{made}: {formats.dollars(forecast)} forecast, {formats.dollars(actual)} came, "
        f"{formats.percent(abs(error))} {side} the forecast."
    )


show(current())
