"""The rows behind a number: their sum on top, the same to the cent, and each row's claim one step away."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboards import definitions, formats, labels
from dashboards.parts import filter_bar, groups, layout, steps, table
from dashboards.parts.context import Context, claim_of, current, query_params
from dashboards.parts.table import Column, column
from dashboards.rowsets import ROWSETS
from dashboards.selection import Selection
from dashboards.site import address


def show(context: Context) -> None:
    selection = Selection.from_query(query_params(), context.filters, context.as_of)
    if selection is None:
        choose(context)
        return
    with layout.part(selection.rowset.title):
        headline(context, selection)
        filter_bar.show(context, applied(selection))
        conditions(selection)
        rows(context, selection)
        split(selection)


def choose(context: Context) -> None:
    """Without a fact in the address: all of them to choose from."""
    layout.title("rows", "Every published row can be looked at.", "Choose what to look at; the filters stay.")
    links = Markup("").join(
        Markup('<p><a href="{}">{}</a>: {}</p>').format(context.rows_link(context.select(key)), item.title, item.grain)
        for key, item in ROWSETS.items()
    )
    st.html(links)


def headline(context: Context, selection: Selection) -> None:
    totals = context.reader.one(selection.totals())
    found = f"{formats.count(totals['row_count'])} {'row' if totals['row_count'] == 1 else 'rows'}"
    if selection.measure is None:
        text = f"{selection.rowset.title}: {found}"
    else:
        name = labels.label(selection.measure).lower()
        text = f"{selection.rowset.title}: {formats.dollars(totals['total_amount'])} {name} in {found}"
    layout.title("rows", text, f"{selection.rowset.grain[:1].upper()}{selection.rowset.grain[1:]}.")


def applied(selection: Selection) -> list[str]:
    """The common filters that act on these rows."""
    rowset = selection.rowset
    names = ["period"] if rowset.date_column else []
    if rowset.payer_column or rowset.has_claim:
        names += ["payer", "payer_class"]
    if rowset.has_claim:
        names.append("facility")
    return [*names, "responsibility"] if rowset.has_responsibility else names


def conditions(selection: Selection) -> None:
    """What narrows the rows besides the filters, each with a link that takes it away."""
    parts = []
    for chosen, joining in ((selection.narrowed, "is"), (selection.excluded, "is not")):
        for name, texts in chosen.items():
            words = " or ".join(steps.value_in_words(name, text) for text in texts)
            without = address("rows", selection.without(name).to_query())
            parts.append(
                Markup('<span class="chip">{} {} <b>{}</b> <a href="{}" aria-label="Without this">✕</a></span>').format(
                    labels.label(name), joining, words, without
                )
            )
    if parts:
        st.html(Markup('<div class="chips">{}</div>').format(Markup("").join(parts)))


def rows(context: Context, selection: Selection) -> None:
    rowset = selection.rowset
    there = context.reader.columns(rowset.table)
    shown = context.reader.pick(rowset.table, rowset.columns)
    hidden = {"claim_key"} if "claim_id" in shown else set()
    words = definitions.columns(context.reader, rowset.table)
    columns = [_column(selection, name, there[name], words.get(name)) for name in shown if name not in hidden]
    query = selection.select(", ".join(shown))
    table.show(
        rowset.key,
        query,
        columns,
        title=rowset.title,
        order=rowset.order,
        size=25,
        empty="No row meets these conditions.",
    )


def _column(selection: Selection, name: str, data_type: str, words: str | None) -> Column:
    if name in {"claim_id", "claim_key"}:
        return column(name, link=claim_of, help=words)
    how = labels.kind(name, data_type)
    return column(name, kind=how, total=how == "money" and selection.has_total(name), help=words)


def split(selection: Selection) -> None:
    """The same rows by one of their columns, to find where the money sits."""
    free = [name for name in selection.rowset.by if name not in {"claim_key", *selection.narrowed}]
    there = current().reader.columns(selection.rowset.table)
    free = [name for name in free if name in there and name != "remittance_key"]
    if not free:
        return
    layout.section("How do they split up?")
    asked = st.query_params.get("split", free[0])
    by = asked if asked in free else free[0]
    st.session_state["split_by"] = by
    st.selectbox("Split by", free, format_func=labels.label, key="split_by", on_change=_choose_split, width=240)
    money = labels.label(selection.measure) if selection.measure else "Amount"
    groups.show("split", selection, [by], title=f"By {labels.label(by).lower()}", amount=money, order=_order(selection))


def _order(selection: Selection) -> str:
    if selection.measure is None:
        return "-row_count"
    return "amount" if selection.measure == "variance_amount" else "-amount"  # the largest shortfall first


def _choose_split() -> None:
    st.query_params["split"] = st.session_state["split_by"]


show(current())
