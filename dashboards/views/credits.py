"""Credit balances: what we hold that is not ours, whose it is, why, and by when it must go back."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from dashboards import formats
from dashboards.parts import cards, charts, filter_bar, layout, steps, table, worklist
from dashboards.parts.context import Context, claim_of, current
from dashboards.parts.table import column
from dashboards.snapshot import Query
from owed.reports.cms_838 import quarter_end

TITLES = {"cause": "Why?", "owner": "Whose money is it?", "recommended_action": "What should be done?"}
CLOCKS = (
    ("Refund overdue", "refund_due_date < ?", "bad"),
    ("Due in 14 days", "refund_due_date between ? and ?", ""),
    ("Due later", "refund_due_date > ?", ""),
    ("No clock runs", "refund_due_date is null", ""),
)
TREND = ("opening_amount", "new_amount", "settled_amount", "changed_amount", "closing_amount")
UNCLAIMED = tuple(
    "claim_id credit_amount owner state_code dormancy_status credit_since_date notice_due_date unclaimed_property_date"
    " cause".split()
)
WORKLIST = (
    "priority_rank",
    "claim_id",
    "owner",
    "owner_payer_id",
    "cause",
    "recommended_action",
    "identified_date",
    "refund_due_date",
    "days_left",
    "age_days",
    "credit_amount",
)


def show(context: Context) -> None:
    with layout.part("Credit balances"):
        headline(context)
        filter_bar.show(context, ("payer", "payer_class", "facility"))
        clocks(context)
        layout.section(
            "Why do we hold it, and whose is it?",
            "Accounts whose total is below zero on the as-of date. An adjustment taken twice or a payment on the wrong "
            "account makes a credit that nobody overpaid: it is put right, not refunded.",
        )
        steps.show(context.select("credits"), tuple(TITLES), titles=TITLES, amount="Credit", rows="Accounts")
    with layout.part("Credit balances by month"):
        months(context)
    with layout.part("What came and went"):
        trend(context)
    with layout.part("The refund worklist"):
        worklist.show(
            context,
            "rpt_refund_worklist",
            WORKLIST,
            payer_column="owner_payer_id",
            heading="Which account comes next?",
            note="By due date, then by amount.",
            empty="Nothing is to be returned.",
        )
    with layout.part("CMS-838"):
        cms_838(context)
    with layout.part("Unclaimed property"):
        unclaimed(context)


def headline(context: Context) -> None:
    found = context.reader.one(context.select("credits").totals())
    true = context.reader.one(context.select("credits", is_true_overpayment=True).totals())
    if not found["row_count"]:
        layout.title("credits", "No account is in credit.")
        return
    layout.title(
        "credits",
        f"{formats.counted(found['row_count'], 'account is', 'accounts are')} in credit, "
        f"{formats.short_dollars(found['total_amount'])} in all; {formats.short_dollars(true['total_amount'])} of it "
        "was overpaid and has to go back.",
        "For Medicare and Medicaid the clock is 60 days from the day an overpayment was identified (42 CFR 401.305).",
    )


def clocks(context: Context) -> None:
    """Overpaid amounts by what the clock says. Days are counted from the as-of date, not from today."""
    soon = context.as_of + timedelta(days=14)
    bounds = ((context.as_of,), (context.as_of, soon), (soon,), ())
    overpaid = context.select("credits", is_true_overpayment=True)
    where = overpaid.where()
    made = []
    for (name, clause, colour), values in zip(CLOCKS, bounds, strict=True):
        query = Query(
            "select count(*) as row_count, coalesce(sum(credit_amount), 0.00) as amount"
            f" from marts.fct_credit_balances {where.sql} and {clause}",
            (*where.values, *values),
        )
        row = context.reader.one(query)
        shown = Markup('<span class="{}">{}</span>').format(colour, formats.short_dollars(row["amount"]))
        made.append((name, shown, formats.counted(row["row_count"], "account")))
    made.append(cards.linked("Overpaid in all", overpaid, ""))
    made.append(cards.linked("To be put right, not refunded", context.select("credits", is_true_overpayment=False), ""))
    cards.figures(made)


def months(context: Context) -> None:
    rows = context.reader.rows(
        Query(
            "select period_month as month, value as amount from marts.fct_kpis where kpi_id = 'credit_balance_amount'"
            " and payer_id = ? order by period_month desc limit 13",
            (context.filters.payer or "ALL",),
        )
    )
    layout.section("Do we hold more than before?", "Credit balances at each month's end.")
    charts.monthly_columns(
        [(row["month"], row["amount"]) for row in reversed(rows)], "over", "Credit balances by month end", 190
    )


def trend(context: Context) -> None:
    """What came and went in the newest month that is over, by cause, where the snapshot carries it."""
    if not context.reader.columns("rpt_credit_trend"):
        return
    newest = Query("select max(period_month) as month from marts.rpt_credit_trend where not is_partial_month")
    month = context.reader.one(newest).get("month")
    layout.section(
        "What came, and what went?",
        f"{formats.month(month)}, by cause; all payers. An account told as another cause than before is a change in "
        "both.",
    )
    amounts = ", ".join(f"cast(sum({name}) as decimal(18, 2)) as {name}" for name in TREND)
    query = Query(
        f"select cause, cast(sum(accounts) as bigint) as accounts, {amounts} from marts.rpt_credit_trend"
        " where period_month = ? group by cause",
        (month,),
    )
    columns = [column("cause"), column("accounts", kind="count", total=True)]
    columns += [column(name, total=True, bar=name == "closing_amount") for name in TREND]
    table.show(
        "trend",
        query,
        columns,
        title="Credit balances that came and went",
        order="-closing_amount",
        is_summary=True,
        row_name="cause",
        empty="No month is over yet.",
    )


def unclaimed(context: Context) -> None:
    """Credits that fall to a state unless their owner is found, where the snapshot carries them."""
    there = context.reader.columns("rpt_unclaimed_property")
    if not there:
        return
    layout.section(
        "What falls to a state if nobody claims it?",
        "By the period of the owner's state; a person checks the rule before anything is reported. Filters do not "
        "apply.",
    )
    names = [name for name in ("claim_key", *UNCLAIMED) if name in there]
    columns = [
        column(name, link=claim_of if name == "claim_id" else None, total=name == "credit_amount")
        for name in names
        if name != "claim_key"
    ]
    query = Query(f"select {', '.join(names)} from marts.rpt_unclaimed_property")
    table.show(
        "unclaimed",
        query,
        columns,
        title="Unclaimed property",
        order="unclaimed_property_date",
        row_name="account",
        empty="No credit is near the end of its period.",
    )


def cms_838(context: Context) -> None:
    there = context.reader.columns("rpt_cms_838")
    if not there:
        return
    end = quarter_end(None, context.as_of)
    layout.section(
        "What goes on the CMS-838?",
        Markup(
            "Medicare credit balances of the quarter, to be reported within 30 days of its end. "
            "<code>owed report cms-838 --quarter {}Q{} --out FILE</code> writes the form."
        ).format(end.year, end.month // 3),
    )
    columns = [
        column(name, kind="text" if name.endswith("_id") else column(name).kind)
        for name in there
        if name != "claim_key"
    ]
    table.show(
        "cms838",
        Query("select * from marts.rpt_cms_838"),
        columns,
        title="CMS-838 detail",
        order=columns[0].name,
        empty="No Medicare credit balance is to be reported.",
    )


show(current())
