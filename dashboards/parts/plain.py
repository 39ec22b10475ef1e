"""Short lists that come from the home's own files and not from the snapshot, as tables."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of texts; `title` names it for screen readers."""
    names = Markup("").join(Markup('<th scope="col" class="text">{}</th>').format(name) for name in head)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup('<td class="text">{}</td>').format(cell) for cell in row))
        for row in rows
    )
    st.html(
        Markup(
            '<div class="table-scroll" role="region" tabindex="0" aria-label="{}">'
            "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
        ).format(title, names, body)
    )
