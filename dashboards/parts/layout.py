"""The head of a page, its sections, and what stands in place of a part that cannot be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page as StreamlitPage

from dashboards.parts.context import Context, current
from dashboards.site import PAGES
from dashboards.snapshot import MissingTableError

_TITLED = "owed_titled"
_STATIC = Path(__file__).parent.parent / "static"


def dress() -> None:
    """The style sheet, and the script that follows links inside the page instead of loading it anew."""
    st.session_state[_TITLED] = False
    st.html(_STATIC / "owed.css")
    script = (_STATIC / "links.js").read_text(encoding="utf-8")
    with st.container(key="owed_script"):
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def navigation(pages: Mapping[str, StreamlitPage], context: Context | None) -> None:
    """The menu. Its links carry the filters, so that a choice survives going from page to page."""
    query = context.filters.to_query() if context else {}
    with st.sidebar:
        st.html('<div class="brand">Owed<span>what payers owe, and why</span></div>')
        for group in dict.fromkeys(page.group for page in PAGES.values() if page.group):
            st.html(Markup('<p class="menu-group">{}</p>').format(group))
            for page in PAGES.values():
                if page.group == group:
                    st.page_link(pages[page.key], label=page.title, query_params=query, width="stretch")


def title(page: str, headline: str | Markup, detail: str | Markup = "") -> None:
    """A page's head: its name small, then a sentence that answers the page's question."""
    st.session_state[_TITLED] = True
    st.html(
        Markup('<header class="page-head"><p class="eyebrow">{}</p><h1>{}</h1>{}</header>').format(
            PAGES[page].title, headline, Markup('<p class="lede">{}</p>').format(detail) if detail else ""
        )
    )


def section(heading: str, note: str | Markup = "") -> None:
    """A section's heading, which asks what the section answers."""
    st.html(
        Markup('<div class="section"><h2>{}</h2>{}</div>').format(
            heading, Markup('<p class="note">{}</p>').format(note) if note else ""
        )
    )


def caption(text: str, goal: str = "") -> None:
    """What a chart shows, above it, and what its dashed line stands for."""
    dashed = Markup(" <span>┄ goal: {}</span>").format(goal) if goal else ""
    st.html(Markup('<p class="caption">{}{}</p>').format(text, dashed))


def sentences(texts: Sequence[str | Markup]) -> None:
    """A numbered list of plain sentences."""
    items = Markup("").join(Markup("<li>{}</li>").format(text) for text in texts)
    st.html(Markup('<ol class="plain">{}</ol>').format(items))


def empty(text: str) -> None:
    """What stands where nothing is to be shown."""
    st.html(Markup('<p class="empty">{}</p>').format(text))


def two_columns() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two halves side by side; under one another on a phone."""
    left, right = st.columns(2, gap="large")
    return left, right


def message(heading: str, *paragraphs: str | Markup, kind: str = "info", tag: str = "h2") -> None:
    """A plain box: what is the matter, and what to do. `tag` is h1 where the box is all there is."""
    body = Markup("").join(Markup("<p>{}</p>").format(text) for text in paragraphs)
    st.html(
        Markup('<div class="message {}" role="status"><{tag}>{}</{tag}>{}</div>').format(kind, heading, body, tag=tag)
    )


@contextmanager
def part(name: str) -> Iterator[None]:
    """Shows a part of a page; where the snapshot lacks what it needs, says so and lets the rest of the page stand."""
    try:
        yield
    except MissingTableError:
        if not st.session_state.get(_TITLED):
            title(current().page, PAGES[current().page].question)
        message(
            f"{name} cannot be shown",
            "This snapshot does not hold what this part needs: it was built by another version of Owed.",
            Markup("Run <code>owed refresh --full</code> to build it anew."),
            kind="warn",
        )
