"""Reading what a page run shows."""

from __future__ import annotations

from typing import Protocol

from streamlit.testing.v1 import AppTest


class OpenPage(Protocol):
    """Runs one page of a home with the query of its address."""

    def __call__(self, home: object, page: str = "summary", /, **query: str | list[str]) -> AppTest: ...


def text_of(app: AppTest) -> str:
    """All of a page's own HTML."""
    return "\n".join(element.body for element in app.html)
