"""One indicator: how it moved, who made it move, what it means, and the rows it was made from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import streamlit as st
from markupsafe import Markup

from dashboards import definitions, formats, labels
from dashboards.balances import OLD
from dashboards.definitions import Indicator
from dashboards.filters import Filters
from dashboards.indicators import Reading, month_shown, read, trend
from dashboards.parts import cards, charts, filter_bar, layout, table
from dashboards.parts.context import Context, current
from dashboards.parts.table import Column, column
from dashboards.reasons import sentence
from dashboards.selection import ROWS, Selection
from dashboards.snapshot import MissingTableError, Query, Row
from dashboards.variances import COMPARED, SUSPECT

KINDS = {"percent": "percent", "days": "days", "amount": "money", "count": "count"}


def show(context: Context) -> None:
    kpi_id = st.query_params.get("kpi", "")
    words = definitions.indicators(context.reader).get(kpi_id) or definitions.unnamed(kpi_id or "indicator")
    with layout.part(words.name):
        months = read(context.reader, [kpi_id], context.filters).get(kpi_id, {})
        month = month_shown(months, context.filters, context.as_of)
        if month is None:
            layout.title("kpi", "This indicator is not in the snapshot.")
            filter_bar.show(context, ("period", "payer", "payer_class"))
            return
        headline(context, words, months, month)
        filter_bar.show(context, ("period", "payer", "payer_class"))
        reading = months.get(month)
        if reading:
            points = trend(months, month, 25)
            layout.caption("By month", cards.goal(reading))
            charts.line(points, reading.unit, (reading.target_low, reading.target_high), f"{words.name} by month")
            made_of(context, reading, words)
        by_payer(context, kpi_id, month, reading)
        meaning(words)


def headline(context: Context, words: Indicator, months: dict[date, Reading], month: date) -> None:
    reading = months.get(month)
    value = formats.quantity(reading.value, reading.unit) if reading else formats.UNKNOWN
    why = sentence(context.reader, words.kpi_id, months, month, context.filters, context.payer_names)
    layout.title("kpi", f"{words.name}: {value} in {formats.month(month)}", why)


def made_of(context: Context, reading: Reading, words: Indicator) -> None:
    """Numerator and denominator with the rows that add up to them, where they do, to the cent."""
    items = []
    for part, amount in (("numerator", reading.numerator), ("denominator", reading.denominator)):
        if amount is not None:
            named = str(words.row.get(f"{part}_words") or part)
            items.append(
                Markup("<dt>{}</dt><dd>{}</dd>").format(
                    named[:1].upper() + named[1:], _linked(context, reading, part, amount)
                )
            )
    if items:
        layout.section("What is it made of?", f"{formats.month(reading.month)}, as published.")
        st.html(Markup('<dl class="facts">{}</dl>').format(Markup("").join(items)))


def _linked(context: Context, reading: Reading, part: str, amount: Decimal) -> Markup | str:
    selection = behind(context, reading.kpi_id, part, reading.month)
    shown = labels.written(amount, "money" if reading.unit == "amount" else "number")
    found = None if selection is None else _total(context, selection)
    if selection is None or found is None or abs(found) != amount:
        return shown  # better no link than one to rows that the figure was not made of
    return Markup('<a href="{}" data-amount="{}">{}</a>').format(context.rows_link(selection), found, shown)


def _total(context: Context, selection: Selection) -> Decimal | None:
    try:
        totals = context.reader.one(selection.totals())
    except MissingTableError:
        return None
    return Decimal(totals["row_count"]) if selection.measure is None else totals["total_amount"]


def behind(context: Context, kpi_id: str, part: str, month: date) -> Selection | None:
    """The rows that should make this part of an indicator in one month; None where no single fact holds them."""
    filters = Filters(f"{month:%Y-%m}", context.filters.payer, context.filters.payer_class)
    select = partial(Selection.of, filters=filters, as_of=context.as_of)
    key = (kpi_id, part)
    if key in _VARIANCES:
        classes, measure = _VARIANCES[key]
        return select("variances", variance_class=classes).besides(root_cause=SUSPECT).summing(measure)
    if key in _ANSWERED:
        return select("answered", origin="claim").summing(_ANSWERED[key])
    if key in _POSTINGS and "movement" in context.reader.columns("fct_account_ledger"):
        return select("ledger", movement=_POSTINGS[key])
    if kpi_id == "ar_over_90_percent":
        found = select("aging", as_of_date=context.reader.one(Query(_MONTH_END, (month,))).get("day"))
        return found.narrow(aging_bucket=OLD) if part == "numerator" else found
    if key == ("initial_denial_rate_dollars", "numerator"):
        return select("denials", is_initial=True)
    if kpi_id == "credit_balance_amount" and month == context.as_of.replace(day=1):
        return select("credits")
    return None


_MONTH_END = "select max(as_of_date) as day from marts.fct_ar_aging where date_trunc('month', as_of_date) = ?"
_VARIANCES = {
    ("underpayment_amount", "numerator"): (("underpaid",), "recoverable_amount"),
    ("overpayment_amount", "numerator"): (("overpaid",), "variance_amount"),
    ("underpayment_rate", "numerator"): (("underpaid",), ROWS),
    ("underpayment_rate", "denominator"): (COMPARED, ROWS),
}
_ANSWERED = {
    ("initial_denial_rate", "denominator"): ROWS,
    ("first_pass_payment_rate", "denominator"): ROWS,
    ("initial_denial_rate_dollars", "denominator"): "charge_amount",
}
_POSTINGS = {
    ("cash_collected", "numerator"): ("payer_payments", "patient_payments"),
    ("gross_charges", "numerator"): ("charges",),
    ("net_revenue", "numerator"): ("charges", "contractual"),
    ("bad_debt_percent", "numerator"): ("bad_debt",),
    ("bad_debt_percent", "denominator"): ("charges",),
    ("charity_percent", "numerator"): ("charity",),
    ("charity_percent", "denominator"): ("charges",),
    ("denial_write_off_percent", "numerator"): ("denial_write_offs",),
}


def by_payer(context: Context, kpi_id: str, month: date, reading: Reading | None) -> None:
    if context.filters.payer:
        return
    how = KINDS.get(reading.unit if reading else "", "number")
    layout.section(
        "Which payer stands out?", f"{formats.month(month)}. A rate over few cases says little: see its parts."
    )
    query = Query(
        "select payer_id, value, numerator, denominator, not_computable_reason from marts.fct_kpis"
        " where kpi_id = ? and period_month = ? and payer_id <> 'ALL'",
        (kpi_id, month),
    )
    columns = [
        column("payer_id", link=partial(_one_payer, kpi_id)),
        Column("value", "Value", how),
        Column("numerator", "Numerator", "number"),
        Column("denominator", "Denominator", "number"),
        Column("not_computable_reason", "Why not known", "text"),
    ]
    table.show("by_payer", query, columns, title="By payer", order="-value", size=15, row_name="payer")


def _one_payer(kpi_id: str, row: Row) -> str:
    context = current()
    return context.link("kpi", kpi=kpi_id, payer=row["payer_id"])


def meaning(words: Indicator) -> None:
    facts = definitions.facts(words)
    if not facts:
        return
    layout.section("What does it mean?")
    items = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, text) for name, text in facts)
    st.html(Markup('<dl class="facts">{}</dl>').format(items))


show(current())
