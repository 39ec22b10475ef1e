"""Definitions: the words behind the indicators, the tables and the reason codes, as the models themselves hold them."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboards import definitions, formats
from dashboards.definitions import Indicator
from dashboards.parts import layout, table
from dashboards.parts.context import Context, current
from dashboards.parts.table import column
from dashboards.snapshot import Query

RULES = (
    ("Unknown is not zero", "Without a contract, a rate or a feed a figure is not known, and the reason is given."),
    ("Nothing is netted", "Underpaid and overpaid, debit and credit balances stand apart in every total."),
    ("Dates", "Figures stand at the as-of date: the newest posting date in the data. Ages count to it, not to today."),
    ("Months", "Variances and denials by remittance date, cash and charges by posting date, balances at month end."),
    ("Ages", "Payer balances age from the last service date (discharge), patient balances from the first day owed."),
    ("Money", "Exact to the cent. What lowers a balance, or is paid below contract, stands in parentheses."),
)


def show(context: Context) -> None:
    layout.title("definitions", "Every figure has one definition.", "These are the words the models were built by.")
    layout.section("What holds everywhere?")
    facts(list(RULES))
    with layout.part("Indicators"):
        indicators(context)
    with layout.part("Reason codes"):
        reasons(context)
    with layout.part("Tables"):
        tables(context)


def facts(items: list[tuple[str, str]]) -> None:
    made = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, code_marked(text)) for name, text in items)
    st.html(Markup('<dl class="facts">{}</dl>').format(made))


def code_marked(text: str) -> Markup:
    """Text whose `names` stand in code type, as the models' descriptions mean them."""
    pieces = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else Markup("{}").format(piece)
        for place, piece in enumerate(pieces)
    )


def indicators(context: Context) -> None:
    layout.section(
        "What does each indicator mean?", "Goals are the site's own; what others reach is from the source named."
    )
    found = sorted(definitions.indicators(context.reader).values(), key=lambda item: item.name)
    if not found:
        st.html('<p class="empty">This snapshot carries no definitions of indicators.</p>')
        return
    st.html(Markup('<div class="terms">{}</div>').format(Markup("").join(_term(context, words) for words in found)))


def _term(context: Context, words: Indicator) -> Markup:
    said = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*fact) for fact in definitions.facts(words))
    return Markup(
        '<details><summary>{} <span>{}</span></summary><dl class="facts">{}</dl><p><a href="{}">See its figures</a></p>'
        "</details>"
    ).format(words.name, words.words, said, context.link("kpi", kpi=words.kpi_id))


def reasons(context: Context) -> None:
    there = context.reader.columns("dim_adjustment_reasons")
    names = [name for name in there if name not in {"is_listed"}]
    if not names:
        return
    layout.section(
        "What do the reason codes mean?", "Adjustment reasons in our own words; a site may change their category."
    )
    coded = ("class", "category", "action")
    columns = [column(name, kind="words" if name.endswith(coded) else column(name).kind) for name in names]
    table.show(
        "reasons",
        Query(f"select {', '.join(names)} from marts.dim_adjustment_reasons"),
        columns,
        title="Adjustment reasons",
        order="reason_code",
        size=15,
        row_name="reason",
        empty="This snapshot carries no reason codes.",
    )


def tables(context: Context) -> None:
    layout.section("What is published?", "Any of these can be asked with owed query.")
    found = {row["table_name"]: row["comment"] for row in definitions.tables(context.reader)}
    if not found:
        return
    asked = st.query_params.get("table", "")
    chosen = asked if asked in found else next(iter(found))
    st.session_state["table_chosen"] = chosen
    st.selectbox("Table", list(found), key="table_chosen", on_change=_choose_table, width=280)
    described = definitions.columns(context.reader, chosen)
    items = [(name, described.get(name, "")) for name in context.reader.columns(chosen)]
    st.html(Markup('<p class="note">{}</p>').format(code_marked(found[chosen] or formats.UNKNOWN)))
    facts(items)


def _choose_table() -> None:
    st.query_params["table"] = st.session_state["table_chosen"]


show(current())
