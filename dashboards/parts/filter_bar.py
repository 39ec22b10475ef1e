"""The common filters as a row of boxes. The address is the truth; a box only shows it and changes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st
from markupsafe import Markup

from dashboards import formats
from dashboards.filters import DEFAULT_PERIOD, PERIODS, RESPONSIBILITIES, Filters, add_months, period_label
from dashboards.parts.context import Context, here
from dashboards.snapshot import MissingTableError, Query, Reader

ALL = ""
NAMES = ("period", "payer", "payer_class", "facility", "responsibility")
_LABELS = {
    "period": "Period",
    "payer": "Payer",
    "payer_class": "Class",
    "facility": "Facility",
    "responsibility": "Owed by",
}


def show(context: Context, applies: Sequence[str], first: Callable[[], None] | None = None) -> None:
    """The boxes that act on this page (others stay in the address, unseen) and a way to reset them.

    `first` draws a box of the page's own before them.
    """
    options = {name: found for name in applies if len(found := _options(context, name)) > 2 or name == "period"}
    with st.container(horizontal=True, key="filters", vertical_alignment="bottom"):
        if first:
            first()
        for name, choices in options.items():
            key = f"filter_{name}"
            chosen = getattr(context.filters, name) or ALL
            st.session_state[key] = chosen if chosen in choices else next(iter(choices))
            st.selectbox(
                _LABELS[name],
                list(choices),
                format_func=partial(_shown, choices),
                key=key,
                on_change=_choose,
                args=(name,),
                width=190,
            )
        if set(context.filters.to_query()) & set(applies):
            reset = here(**dict.fromkeys(NAMES))
            st.html(Markup('<a class="reset" href="{}">Reset filters</a>').format(reset), width="content")


def _shown(choices: dict[str, str], value: str) -> str:
    return choices[value]


def _choose(name: str) -> None:
    chosen = st.session_state[f"filter_{name}"]
    for param in [param for param in st.query_params if param.endswith(".page")]:
        del st.query_params[param]
    if chosen == ALL or (name, chosen) == ("period", DEFAULT_PERIOD):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen


def _options(context: Context, name: str) -> dict[str, str]:
    if name == "period":
        return _periods(context.as_of, context.filters)
    if name == "payer":
        return {ALL: "All payers", **context.payer_names}
    if name == "payer_class":
        found = _column(context.reader, "select distinct payer_class as value from marts.dim_payers order by 1")
        return {ALL: "All classes", **{value: formats.words(value) for value in found}}
    if name == "facility":
        found = _column(
            context.reader, "select distinct billing_npi as value from marts.fct_claims order by 1 limit 200"
        )
        return {ALL: "All facilities", **{value: f"NPI {value}" for value in found}}
    return {ALL: "Everyone", **{value: formats.words(value) for value in RESPONSIBILITIES}}


def _periods(as_of: date, filters: Filters) -> dict[str, str]:
    months = [f"{add_months(as_of, -back):%Y-%m}" for back in range(36)]
    if filters.single_month and filters.period not in months:
        months.append(filters.period)
    return {**PERIODS, **{value: period_label(value) for value in months}}


def _column(reader: Reader, sql: str) -> list[str]:
    try:
        return [row["value"] for row in reader.rows(Query(sql)) if row["value"] is not None]
    except MissingTableError:
        return []


def with_known_filters(context: Context) -> Context:
    """The context without filters the snapshot knows nothing of, so that a mistyped address does not empty a page."""
    filters = context.filters
    for name in ("payer", "payer_class"):
        if getattr(filters, name) and getattr(filters, name) not in _options(context, name):
            filters = filters.with_(name, None)
    return replace(context, filters=filters)
