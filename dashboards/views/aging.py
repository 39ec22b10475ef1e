"""AR aging: open debit balances at any month's end, and how the balance moved from month to month."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from dashboards import formats, labels
from dashboards.balances import BUCKETS, OLD, by_month
from dashboards.filters import Filters
from dashboards.parts import cards, charts, filter_bar, groups, layout, pivot, table
from dashboards.parts.context import Context, current
from dashboards.parts.table import Column, Link, column
from dashboards.selection import Selection
from dashboards.snapshot import Query, Row

MOVEMENTS = (
    "charges",
    "payer_payments",
    "patient_payments",
    "contractual",
    "denial_write_offs",
    "bad_debt",
    "charity",
    "other_adjustments",
    "refunds",
)


def show(context: Context) -> None:
    with layout.part("AR aging"):
        dates = [row["as_of_date"] for row in context.reader.rows(Query(_DATES))]
        at = asked_date(dates, context.as_of)
        headline(context, at)
        filter_bar.show(
            context, ("payer", "payer_class", "facility", "responsibility"), first=partial(choose_date, dates, at)
        )
        balances(context, at)
    with layout.part("Claims without an answer"):
        unanswered(context)
    with layout.part("The age of receivables by month"):
        months(context)
    with layout.part("The roll-forward"):
        rollforward(context)


_DATES = "select distinct as_of_date from marts.fct_ar_aging where as_of_date is not null order by as_of_date desc"


def asked_date(dates: list[date], as_of: date) -> date:
    """The date the address asks for (`asof`), if balances were published for it; else the newest."""
    asked = st.query_params.get("asof", "")
    return next((day for day in dates if day.isoformat() == asked), dates[0] if dates else as_of)


def choose_date(dates: list[date], at: date) -> None:
    if len(dates) > 1:
        st.session_state["asof_date"] = at
        st.selectbox("Balances at", dates, format_func=formats.day, key="asof_date", on_change=_choose_date, width=190)


def _choose_date() -> None:
    st.query_params["asof"] = st.session_state["asof_date"].isoformat()


def at_date(context: Context, at: date) -> Selection:
    return context.select("aging", as_of_date=at)


def headline(context: Context, at: date) -> None:
    whole = context.reader.one(at_date(context, at).totals())
    old = context.reader.one(at_date(context, at).narrow(aging_bucket=OLD).totals())
    if not whole["row_count"]:
        layout.title("aging", f"Nothing was open on {formats.day(at)}.")
        return
    share = old["total_amount"] * 100 / whole["total_amount"]
    layout.title(
        "aging",
        f"{formats.short_dollars(whole['total_amount'])} was open on {formats.day(at)}; {formats.percent(share)} of it "
        "is older than 90 days.",
        "Debit balances only: an account in credit takes nothing off them. Payer balances age from the last service "
        "date (discharge), patient balances from the day the patient first owed.",
    )


def balances(context: Context, at: date) -> None:
    whole = at_date(context, at)
    cards.figures(
        [
            cards.linked("Open", whole, "all ages"),
            cards.linked("Older than 90 days", whole.narrow(aging_bucket=OLD), ""),
            cards.linked("Refused and still open", whole.narrow(is_denied=True), "part of the above"),
        ]
    )
    layout.section("Who owes it, and since when?")
    pivot.show(
        "owed_by", whole, "responsibility", "aging_bucket", BUCKETS, title="By who owes and age in days", headed=True
    )
    title = "By the claim's primary payer and age in days"
    pivot.show("payers", whole, "payer_id", "aging_bucket", BUCKETS, title=title, headed=True)


def unanswered(context: Context) -> None:
    if not context.reader.columns("rpt_unanswered_claims"):
        return
    layout.section(
        "Which payers have not answered?",
        "On the as-of date. Past prompt-pay days: longer than the contract or the state allows.",
    )
    more = {
        "late": (
            "coalesce(sum(balance_amount) filter (is_past_prompt_pay), 0.00)",
            Column("late", "Past prompt-pay days", "money", total=True),
        ),
        "near": (
            "coalesce(sum(balance_amount) filter (timely_filing_days_left between 0 and 30), 0.00)",
            Column("near", "30 days or less to file", "money", total=True),
        ),
    }
    groups.show(
        "unanswered",
        context.select("unanswered"),
        ["responsible_payer_id"],
        title="Balances without an answer by payer",
        amount="Without an answer",
        rows="Claims",
        more=more,
        empty="Every claim has its answer.",
    )


def months(context: Context) -> None:
    layout.section("Is it getting older?", "Open balances at each month's end by age in days.")
    charts.stacked_months(by_month(context), BUCKETS, "Open balances by month end and age in days")


def rollforward(context: Context) -> None:
    layout.section(
        "How did the balance move?",
        "Every account of the class, debit and credit together: opening plus movements is closing, to the cent. "
        "What lowers the balance is in parentheses. By class of the claim's primary payer; other filters do not apply.",
    )
    sums = ", ".join(f"sum({name}) as {name}" for name in ("opening", *MOVEMENTS, "closing"))
    chosen = context.filters.payer_class
    query = Query(
        f"select period_month, {sums} from marts.fct_ar_rollforward"
        f" {'where payer_class = ?' if chosen else ''} group by period_month",
        (chosen,) if chosen else (),
    )
    linked = "movement" in context.reader.columns("fct_account_ledger")
    columns = [column("period_month", kind="month", label="Month")]
    for name in ("opening", *MOVEMENTS, "closing"):
        link = _movement(name) if linked and name in MOVEMENTS else None
        columns.append(Column(name, labels.label(name), "money", link=link))
    table.show(
        "rollforward",
        query,
        columns,
        title="Roll-forward",
        order="-period_month",
        size=13,
        row_name="month",
        is_summary=True,
    )


def _movement(name: str) -> Link:
    """The postings of one month that a movement adds up."""

    def link(row: Row) -> str:
        context = current()
        filters = Filters(period=f"{row['period_month']:%Y-%m}", payer_class=context.filters.payer_class)
        return context.rows_link(Selection.of("ledger", filters, context.as_of, movement=name))

    return link


show(current())
