"""Payers side by side: what each allowed of what was agreed, refused, and how long it took."""

from __future__ import annotations

from functools import partial

from dashboards import definitions, formats
from dashboards.indicators import month_shown, read, trend
from dashboards.parts import cards, charts, filter_bar, groups, layout, table
from dashboards.parts.context import Context, current
from dashboards.parts.table import Column, column
from dashboards.snapshot import Query, Row
from dashboards.variances import compared, counted

TRENDS = ("initial_denial_rate", "days_to_payment", "underpayment_rate", "net_collection_rate")
SCORES = (
    "initial_denial_rate",
    "days_to_payment",
    "prompt_pay_violation_rate",
    "first_pass_payment_rate",
    "denial_overturn_rate",
    "net_days_in_ar",
    "ar_over_90_percent",
)
HOW = {"percent": "percent", "days": "days", "amount": "money"}


def show(context: Context) -> None:
    with layout.part("Payers"):
        headline(context)
        filter_bar.show(context, ("period", "payer", "payer_class", "facility"))
        contract_yield(context)
    with layout.part("Indicators by payer"):
        scores(context)
    with layout.part("The scorecard"):
        scorecard(context)
    with layout.part("Prompt pay"):
        prompt_pay(context)
    with layout.part("Trends"):
        trends(context)


YIELD = (
    "payer_id, count(*) as line_count, sum(expected_allowed_amount) as expected_allowed_amount,"
    " sum(allowed_amount) as allowed_amount,"
    " sum(allowed_amount) * 100 / nullif(sum(expected_allowed_amount), 0) as contract_yield,"
    " coalesce(sum(recoverable_amount) filter (variance_class = 'underpaid'), 0.00) as underpaid_amount,"
    " coalesce(sum(variance_amount) filter (variance_class = 'overpaid'), 0.00) as overpaid_amount,"
    " count(*) filter (variance_class = 'underpaid') * 100.0 / count(*) as underpaid_percent"
)


def headline(context: Context) -> None:
    rows = context.reader.rows(compared(context).select(YIELD, "group by payer_id"))
    known = [row for row in rows if row["contract_yield"] is not None]
    when = formats.spell_period(context.filters.period)
    if not known:
        layout.title("payers", f"No payer's payments could be compared with a contract {when}.")
        return
    worst = max(known, key=lambda row: row["underpaid_amount"])
    if not worst["underpaid_amount"]:
        lines = formats.counted(sum(row["line_count"] for row in known), "line")
        layout.title("payers", f"No payer paid less than agreed {when}.", f"{lines} could be compared.")
        return
    name, amount = context.payer(worst["payer_id"]), formats.short_dollars(worst["underpaid_amount"])
    layout.title(
        "payers",
        f"{name} is the furthest behind its contract: {amount} underpaid {when}."
        if len(known) > 1
        else f"{name} underpaid {amount} {when}.",
        f"It underpaid {formats.percent(worst['underpaid_percent'])} of {formats.count(worst['line_count'])} lines "
        "that could be compared.",
    )


def contract_yield(context: Context) -> None:
    layout.section(
        "Who keeps the contract?",
        "Lines that a contract prices and the payer did not refuse. Yield is allowed ÷ expected; it hides "
        "underpayments behind overpayments, so both stand beside it.",
    )
    query = compared(context).select(YIELD, "group by payer_id")
    columns = [
        column("payer_id", link=lambda row: current().link("variance", payer=row["payer_id"])),
        Column("line_count", "Lines", "count", link=partial(_lines, None), total=True),
        column(
            "expected_allowed_amount",
            total=True,
            help="Of these lines. The contracts page counts refused lines too.",
        ),
        column("allowed_amount", total=True, link=partial(_lines, None)),
        Column(
            "contract_yield",
            "Yield, refused left out",
            "percent",
            help="Allowed ÷ expected of these lines. The scorecard's yield against contract counts refused lines too.",
        ),
        Column("underpaid_percent", "Lines underpaid", "percent"),
        Column("overpaid_amount", "Overpaid", "money", link=partial(_lines, "overpaid"), total=True),
        Column("underpaid_amount", "Underpaid", "money", link=partial(_lines, "underpaid"), total=True, bar=True),
    ]
    table.show(
        "yield",
        query,
        columns,
        title="Payment against contract by payer",
        order="-underpaid_amount",
        size=15,
        row_name="payer",
        is_summary=True,
    )


def _lines(side: str | None, row: Row) -> str:
    context = current()
    rows = counted(context, side) if side else compared(context)
    return context.rows_link(rows.narrow(payer_id=row["payer_id"]))


def scores(context: Context) -> None:
    """The published indicators of one month, one row a payer."""
    months = read(context.reader, ["initial_denial_rate"], context.filters).get("initial_denial_rate", {})
    month = month_shown(months, context.filters, context.as_of)
    if month is None:
        return
    layout.section(
        "How do they answer and pay?", f"Indicators of {formats.month(month)}; – where a payer had no case to count."
    )
    words = definitions.indicators(context.reader)
    where = context.payers_only("payer_id")
    picked = ", ".join(f"max(value) filter (kpi_id = '{name}') as {name}" for name in SCORES)
    units = {
        row["kpi_id"]: row["unit"]
        for row in context.reader.rows(Query("select distinct kpi_id, unit from marts.fct_kpis"))
    }
    query = Query(
        f"select payer_id, {picked} from marts.fct_kpis {where.sql or 'where true'} and payer_id <> 'ALL'"
        " and period_month = ? group by payer_id",
        (*where.values, month),
    )
    columns = [column("payer_id", link=lambda row: current().link("payers", payer=row["payer_id"]))]
    for name in (name for name in SCORES if name in units):
        about = words.get(name) or definitions.unnamed(name)
        columns.append(
            Column(name, about.name, HOW.get(units[name], "number"), link=partial(_kpi, name), help=about.words)
        )
    table.show(
        "scores",
        query,
        columns,
        title="Indicators by payer",
        order="payer_id",
        size=15,
        row_name="payer",
        is_summary=True,
    )


def _kpi(kpi_id: str, row: Row) -> str | None:
    return None if row[kpi_id] is None else current().link("kpi", kpi=kpi_id, payer=row["payer_id"])


def scorecard(context: Context) -> None:
    """One payer's metrics of the trailing twelve months, or everyone's, with what they rest on."""
    if not context.reader.columns("rpt_payer_scorecard"):
        return
    payer = context.filters.payer or "ALL"
    query = Query(
        "select metrics.metric_name, metrics.unit, metrics.metric_value, metrics.interval_low, metrics.interval_high,"
        " metrics.sample_count, everyone.metric_value as all_value,"
        " case when metrics.is_small_cell then 'few cases' end as care"
        " from marts.rpt_payer_scorecard as metrics left join marts.rpt_payer_scorecard as everyone"
        " on everyone.payer_id = 'ALL' and everyone.metric_id = metrics.metric_id"
        " and everyone.period_kind = metrics.period_kind and everyone.period_month = metrics.period_month"
        " where metrics.payer_id = ? and metrics.period_kind = 'trailing_12' and metrics.period_month ="
        " (select max(period_month) from marts.rpt_payer_scorecard where period_month <= ?)",
        (payer, context.as_of),
    )
    layout.section(
        f"What stands on the scorecard of {context.payer(payer) if payer != 'ALL' else 'all payers'}?",
        "The trailing twelve months; an interval holds the true share 95 times of 100. Choose a payer above.",
    )
    columns = [
        Column("metric_name", "Metric", "text"),
        Column("metric_value", "Value", "by_unit"),
        Column("interval_low", "Interval from", "by_unit"),
        Column("interval_high", "to", "by_unit"),
        Column("sample_count", "Cases", "count"),
        Column("all_value", "All payers", "by_unit"),
        Column("care", "With care", "text"),
    ]
    if payer == "ALL":  # its own comparison, and never of few cases
        columns = columns[:-2]
    table.show("scorecard", query, columns, title="Scorecard", order="metric_name", size=25, is_summary=True)


def prompt_pay(context: Context) -> None:
    if not context.reader.columns("rpt_prompt_pay"):
        return
    late = context.select("prompt_pay", is_violation=True)
    layout.section(
        "Who pays too late?",
        "Claims received in the period and answered later than the contract's days, else the state's. Interest is "
        "simple, estimated, and needs legal review before anyone asks for it.",
    )
    more = {"longest": ("max(days_late)", Column("longest", "Longest, days late", "count"))}
    groups.show(
        "late",
        late,
        ["payer_id"],
        title="Late payments by payer",
        amount="Estimated interest",
        rows="Claims",
        more=more,
        empty="No claim of the period was answered late.",
    )


def trends(context: Context) -> None:
    found = read(context.reader, TRENDS, context.filters)
    words = definitions.indicators(context.reader)
    who = context.payer(context.filters.payer) if context.filters.payer else "All payers chosen"
    layout.section("Is it getting better?", f"{who}, by month; dashed is the goal.")
    sides = layout.two_columns()
    for place, kpi_id in enumerate(name for name in TRENDS if name in found):
        months = found[kpi_id]
        month = month_shown(months, context.filters, context.as_of)
        if month is None or month not in months:
            continue
        reading = months[month]
        with sides[place % 2]:
            layout.caption((words.get(kpi_id) or definitions.unnamed(kpi_id)).name, cards.goal(reading))
            charts.line(
                trend(months, month), reading.unit, (reading.target_low, reading.target_high), f"{kpi_id} by month", 180
            )


show(current())
