"""The suites of expectations and how the newest files met them, with the page of one suite."""

from __future__ import annotations

import streamlit as st

from dashboards import formats, validations
from dashboards.parts import layout, plain
from dashboards.parts.context import Context

HEAD = ("Suite", "Records looked at", "Expectations", "Not met")
_KEY = "suite_chosen"


def show(context: Context) -> None:
    """Nothing where the home is not known: the results lie beside the snapshot, not in it."""
    if context.reader.trail is None:
        return
    found = {validation.suite: validation for validation in validations.newest(context.reader.trail.home)}
    layout.section(
        "Did the newest claims and remittances meet what is expected of them?",
        "Each batch is checked as it lands. These pages hold counts alone and name no record.",
    )
    if not found:
        layout.empty("No claim or remittance was checked yet; a refresh that lands some leaves its results here.")
        return
    first = next(iter(found.values()))
    layout.caption(f"Run of {formats.moment(first.run_at)} UTC")
    plain.show(
        "Suites of expectations",
        HEAD,
        [
            (
                formats.words(item.suite),
                formats.count(item.row_count),
                formats.count(item.expectation_count),
                formats.count(item.unmet_count),
            )
            for item in found.values()
        ],
    )
    asked = st.query_params.get("suite", "")
    st.session_state[_KEY] = asked if asked in found else None
    st.selectbox(
        "Suite",
        list(found),
        format_func=formats.words,
        key=_KEY,
        on_change=_choose,
        width=280,
        placeholder="Choose one to read its page",
    )
    if asked in found:
        st.iframe(found[asked].page, alt=f"Great Expectations: {formats.words(asked)}")


def _choose() -> None:
    chosen = st.session_state[_KEY]
    if chosen:
        st.query_params["suite"] = chosen
    else:
        st.query_params.pop("suite", None)
