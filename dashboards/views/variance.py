"""Payment variance: from causes to payers to codes to lines, under- and overpaid never in one sum."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboards import formats, labels
from dashboards.parts import cards, charts, filter_bar, groups, layout, packet, steps, table
from dashboards.parts.context import Context, claim_of, current, here
from dashboards.parts.table import Column, column
from dashboards.snapshot import Query, Row
from dashboards.variances import counted, suspected

SIDES = {"underpaid": "Underpaid", "overpaid": "Overpaid"}
STEPS = ("root_cause", "payer_id", "procedure_code")
TITLES = {"root_cause": "Why?", "payer_id": "By which payer?", "procedure_code": "For which code?"}
DATES = {
    "first_date": ("min(remit_date)", Column("first_date", "First", "date")),
    "last_date": ("max(remit_date)", Column("last_date", "Last", "date")),
}


def show(context: Context) -> None:
    chosen = st.query_params.get("project")
    if chosen:
        with layout.part("The project"):
            project(context, chosen)
        return
    side = st.query_params.get("side", "underpaid")
    side = side if side in SIDES else "underpaid"
    with layout.part("Payment variance"):
        headline(context, side)
        filter_bar.show(context, ("period", "payer", "payer_class", "facility"))
        tabs(side)
        down(context, side)
    with layout.part("By month"):
        months(context, side)
    with layout.part("Projects"):
        projects(context, side)
    with layout.part("All results"):
        everything(context)


def headline(context: Context, side: str) -> None:
    when = formats.spell_period(context.filters.period)
    totals = context.reader.one(counted(context, side).totals())
    amount = formats.short_dollars(totals["total_amount"])
    verb = "less" if side == "underpaid" else "more"
    claims = context.reader.one(counted(context, side).claims())["claim_count"]
    answer = f"{amount} {verb} than agreed was paid {when}, on {formats.counted(claims, 'claim')}."
    if not totals["row_count"]:
        answer = f"Nothing was found to be {side} {when}."
    top = context.reader.rows(counted(context, side).groups(["root_cause"]))
    biggest = max(top, key=lambda row: row["amount"], default=None)
    detail = ""
    if biggest and totals["total_amount"]:
        share = formats.percent(biggest["amount"] * 100 / totals["total_amount"])
        detail = f"The largest cause, {formats.within(biggest['root_cause'])}, makes {share} of it."
    layout.title("variance", answer, detail)


def tabs(side: str) -> None:
    links = [
        Markup('<a href="{}"{}>{}</a>').format(
            here(side=None if name == "underpaid" else name, **{"steps.page": None}),
            Markup(' aria-current="page"') if name == side else "",
            text,
        )
        for name, text in SIDES.items()
    ]
    st.html(Markup('<nav class="tabs" aria-label="Direction">{}</nav>').format(Markup("").join(links)))


def down(context: Context, side: str) -> None:
    layout.section(
        "What is behind it?", "By cause, then by payer, then by code, down to the lines. By remittance date."
    )
    steps.show(
        counted(context, side),
        STEPS,
        titles=TITLES,
        rows="Lines",
        more=DATES,
        amount="Recoverable" if side == "underpaid" else "Overpaid",
    )


def months(context: Context, side: str) -> None:
    layout.section(f"When were we {side}?", "By month of the remittance.")
    colour = "under" if side == "underpaid" else "over"
    charts.monthly_columns(context.months(counted(context, side)), colour, f"{SIDES[side]} by month", 190)


def projects(context: Context, side: str) -> None:
    """What to take up with a payer as one matter: same payer, cause and family of codes, over the whole history."""
    there = context.reader.columns("rpt_underpayment_projects")
    if side != "underpaid" or not there:
        return
    names = [name for name in (*_PROJECT_COLUMNS, "project_id") if name in there]
    columns = [
        column(name, total=name == "recoverable_amount", link=_project if name == "root_cause" else None)
        for name in names
        if name != "project_id"
    ]
    layout.section(
        "What should be taken up with a payer first?",
        "Open matters of one payer, one cause and one family of codes over the whole history, by amount and age. "
        "The period above does not apply.",
    )
    where = context.payers_only("payer_id")
    query = Query(f"select {', '.join(names)} from marts.rpt_underpayment_projects {where.sql}", where.values)
    order = "priority_rank" if "priority_rank" in names else "-recoverable_amount"
    table.show("projects", query, columns, title="Projects", order=order, row_name="project")


def _project(row: Row) -> str:
    return here(project=str(row["project_id"]), **{"projects.page": None, "projects.sort": None})


def project(context: Context, project_id: str) -> None:
    """One project: what it is about, its lines, and the packet that goes to the payer."""
    found = context.reader.one(
        Query(f"select {_PROJECT_FACTS} from marts.rpt_underpayment_projects where project_id = ?", (project_id,))
    )
    if not found:
        layout.title("variance", "There is no such project.", "A project that was settled is gone from the list.")
        st.html(Markup('<p><a href="{}">All projects</a></p>').format(here(project=None)))
        return
    payer = context.payer(found["payer_id"])
    layout.title(
        "variance",
        f"{payer} owes {formats.dollars(found['recoverable_amount'])} on {_what(found)}.",
        f"{found['root_cause_words']}, since {formats.day(found['first_remit_date'])}.",
    )
    st.html(
        Markup('<nav class="trail"><a href="{}">All projects</a> › <b>{}</b></nav>').format(
            here(project=None), project_id
        )
    )
    past = found["past_deadline_amount"]
    cards.figures(
        [
            (
                "Recoverable",
                formats.money(found["recoverable_amount"]),
                f"of {formats.money(found['expected_allowed_amount'])} agreed",
            ),
            ("Claims", formats.count(found["claim_count"]), ""),
            ("Next deadline", labels.written(found["next_deadline_date"], "date"), "to appeal"),
            ("Past deadline", formats.money(past), "can be asked for, not appealed"),
        ]
    )
    if not found["is_payer_error"]:
        layout.message("Probably our own rate", "Check the contract file before this goes to the payer.", kind="warn")
    packet.buttons(context, project=project_id)
    layout.section("Which lines?", "The largest first; each leads to its claim.")
    names = context.reader.pick("rpt_underpayment_worklist", ("claim_key", *_LINE_COLUMNS))
    columns = [
        column(name, link=claim_of if name == "claim_id" else None, total=name == "recoverable_amount")
        for name in names
        if name != "claim_key"
    ]
    query = Query(f"select {', '.join(names)} from marts.rpt_underpayment_worklist where project_id = ?", (project_id,))
    table.show(
        "lines", query, columns, title="Lines of the project", order="-recoverable_amount", size=25, row_name="line"
    )


def _what(found: Row) -> str:
    if found["code_family"] == "whole_claim":
        return f"{formats.counted(found['line_count'], 'claim')} priced as a whole"
    return f"{formats.counted(found['line_count'], 'line')} of {formats.within(found['code_family'])}"


_PROJECT_FACTS = (
    "payer_id, root_cause_words, code_family, claim_count, line_count, expected_allowed_amount, recoverable_amount,"
    " past_deadline_amount, next_deadline_date, first_remit_date, is_payer_error"
)
_LINE_COLUMNS = tuple(
    "claim_id recoverable_amount expected_allowed_amount allowed_amount line_number procedure_code paid_procedure_code"
    " contract_id term_id remit_date appeal_deadline_date root_cause_detail".split()
)
_PROJECT_COLUMNS = (
    "priority_rank",
    "root_cause",
    "payer_id",
    "code_family",
    "line_count",
    "recoverable_amount",
    "past_deadline_amount",
    "next_deadline_date",
    "first_remit_date",
    "last_remit_date",
    "claim_count",
)


def everything(context: Context) -> None:
    layout.section(
        "What became of every line that was answered?",
        "All lines of the period by result. Lines of a probably wrong rate of ours are in these rows, "
        "but in no underpaid or overpaid total.",
    )
    groups.show(
        "results",
        context.select("variances").summing("charge_amount"),
        ["variance_class"],
        title="Lines by result",
        amount="Charged",
        rows="Lines",
    )
    unpriced = context.select("variances", variance_class="not_priced").summing("charge_amount")
    reasons = context.reader.rows(unpriced.groups(["not_priced_reason"]))
    because = "; ".join(
        f"{formats.words(row['not_priced_reason'])}: {formats.count(row['row_count'])}" for row in reasons
    )
    cards.figures(
        [
            cards.linked("Probably our own rate: underpaid", suspected(context, "underpaid"), "in no total"),
            cards.linked("Probably our own rate: overpaid", suspected(context, "overpaid"), "in no total"),
            cards.linked("Not priced", unpriced, f"charged. {because}" if because else "charged"),
        ]
    )


show(current())
