"""Going down step by step: a table of sums by one column, then by the next, at last the rows themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from dashboards import formats, labels
from dashboards.parts import groups
from dashboards.parts.context import current, here
from dashboards.parts.table import Column
from dashboards.selection import NULL, Selection
from dashboards.snapshot import Row

PREFIX = "at."


def show(
    selection: Selection,
    by: Sequence[str],
    *,
    titles: Mapping[str, str],
    amount: str,
    rows: str = "Rows",
    more: Mapping[str, tuple[str, Column]] | None = None,
    note: str | None = None,
) -> None:
    """The table of the step the address stands at (`at.<column>` holds each value chosen so far)."""
    chosen = {name: st.query_params[PREFIX + name] for name in by if PREFIX + name in st.query_params}
    narrowed = selection.narrow(**{name: None if value == NULL else value for name, value in chosen.items()})
    _trail(chosen, by)
    following = next((name for name in by if name not in chosen), by[-1])
    last = following == by[-1]
    groups.show(
        "steps",
        narrowed,
        [following],
        title=titles[following],
        amount=amount,
        rows=rows,
        more=more,
        note=note,
        headed=True,
        counts_claims=not selection.rowset.is_per_account,
        deeper=partial(groups.rows_behind, narrowed, [following]) if last else partial(_deeper, following),
    )


def _deeper(step: str, row: Row) -> str:
    value = NULL if row[step] is None else labels.plain(row[step])
    return here(**{PREFIX + step: value, "steps.page": None, "steps.sort": None})


def _trail(chosen: Mapping[str, str], by: Sequence[str]) -> None:
    if not chosen:
        return
    parts = [Markup('<a href="{}">All</a>').format(here(**dict.fromkeys(PREFIX + name for name in by)))]
    for place, (name, value) in enumerate(chosen.items(), start=1):
        text = value_in_words(name, value)
        if place == len(chosen):
            parts.append(Markup("<b>{}</b>").format(text))
        else:
            back = here(**dict.fromkeys(PREFIX + later for later in list(chosen)[place:]))
            parts.append(Markup('<a href="{}">{}</a>').format(back, text))
    st.html(Markup('<nav class="trail" aria-label="Where you are">{}</nav>').format(Markup(" › ").join(parts)))


def value_in_words(name: str, text: str) -> str:
    """A value of an address as a page says it: payers by name, codes in words, unknown as such."""
    if text == NULL:
        return formats.UNKNOWN
    how = labels.kind(name)
    if how == "payer":
        return current().payer(text)
    if how == "claim":
        return current().claim_ids([{"claim_key": text}]).get(text, text)
    if how == "flag":
        return "Yes" if text == "true" else "No"
    return formats.words(text) if how == "words" else text
