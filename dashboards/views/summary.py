"""Executive summary: eight indicators with what moved them, then where the money is."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from dashboards import definitions, formats
from dashboards.balances import BUCKETS, by_month
from dashboards.indicators import month_shown, read
from dashboards.parts import cards, charts, filter_bar, layout
from dashboards.parts.context import Context, current
from dashboards.reasons import sentence
from dashboards.selection import Selection
from dashboards.variances import counted

CARDS = (
    "cash_collected",
    "net_days_in_ar",
    "ar_over_90_percent",
    "initial_denial_rate",
    "underpayment_amount",
    "overpayment_amount",
    "net_collection_rate",
    "credit_balance_amount",
)


def show(context: Context) -> None:
    with layout.part("The headline"):
        headline(context)
    filter_bar.show(context, ("period", "payer", "payer_class"))
    with layout.part("The indicators"):
        indicators(context)
    with layout.part("Payment against contract"):
        against_contract(context)
    with layout.part("The age of receivables"):
        age(context)


def headline(context: Context) -> None:
    under = context.reader.one(
        counted(context, "underpaid").select(
            "sum(recoverable_amount) as amount, count(distinct claim_key) as claims, sum(recoverable_amount)"
            f" filter (appeal_deadline_date >= date '{context.as_of.isoformat()}') as appealable"
        )
    )
    aging = context.reader.one(
        Selection.of("aging", context.filters, context.as_of, as_of_date=context.as_of).select(
            "sum(balance_amount) as amount, sum(balance_amount) filter (age_days > 90) as old"
        )
    )
    when = formats.spell_period(context.filters.period)
    if under["amount"]:
        first = f"Payers paid {formats.short_dollars(under['amount'])} less than agreed {when}."
    else:
        first = f"No payer was found to pay less than agreed {when}."
    parts = []
    if under["amount"]:
        parts.append(
            f"It stands on {formats.count(under['claims'])} claims, and "
            f"{formats.short_dollars(under['appealable'] or 0)} of it can still be appealed."
        )
    if aging["amount"]:
        share = (aging["old"] or Decimal(0)) * 100 / aging["amount"]
        parts.append(
            f"Open receivables stand at {formats.short_dollars(aging['amount'])}, "
            f"{formats.percent(share)} of them older than 90 days."
        )
    layout.title("summary", first, " ".join(parts) or "Nothing is open.")


def indicators(context: Context) -> None:
    found = read(context.reader, CARDS, context.filters)
    words = definitions.indicators(context.reader)
    made = []
    for kpi_id in CARDS:
        months = found.get(kpi_id, {})
        month = month_shown(months, context.filters, context.as_of)
        if month is None:
            month = context.as_of.replace(day=1)
        why = sentence(context.reader, kpi_id, months, month, context.filters, context.payer_names)
        about = words.get(kpi_id) or definitions.unnamed(kpi_id)
        made.append(
            cards.Card(about.name, month, months, why, context.link("kpi", kpi=kpi_id), about.words, about.better)
        )
    cards.show(made)


def against_contract(context: Context) -> None:
    layout.section(
        "Who paid less than agreed, and who paid more?",
        "By month of the remittance. The two are never set off against each other: one is claimed, the other returned.",
    )
    all_of_it = Markup('<a href="{}">Payment variance</a>').format(context.link("variance"))
    cards.figures(
        [
            cards.linked("Underpaid", counted(context, "underpaid"), "to be claimed", "under"),
            cards.linked("Overpaid", counted(context, "overpaid"), "may have to be returned", "over"),
            ("By cause and payer", all_of_it, "largest first"),
        ]
    )
    sides = layout.two_columns()
    for side, name, colour in zip(sides, ("underpaid", "overpaid"), ("under", "over"), strict=True):
        with side:
            layout.caption(f"{formats.words(name)} by month")
            about = f"{formats.words(name)} by month of the remittance"
            charts.monthly_columns(context.months(counted(context, name)), colour, about)


def age(context: Context) -> None:
    layout.section(
        "Is what we are owed getting older?",
        "Open debit balances at each month's end by age in days; credit balances are not set off. Payer balances age "
        "from the last service date, patient balances from the day the patient first owed.",
    )
    charts.stacked_months(by_month(context), BUCKETS, "Open balances by month end and age in days")


show(current())
