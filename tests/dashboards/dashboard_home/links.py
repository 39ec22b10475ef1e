"""Links in a page's own HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from streamlit.testing.v1 import AppTest


@dataclass(frozen=True)
class Link:
    """An address, its query, its CSS classes, and the exact amount its text stands for, if any."""

    address: str
    query: dict[str, list[str]]
    look: str
    amount: Decimal | None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        address = found.get("href")
        if tag == "a" and address:
            amount = found.get("data-amount")
            query = parse_qs(urlsplit(address).query, keep_blank_values=True)
            look = found.get("class") or ""
            self.links.append(Link(address, query, look, None if amount in {None, "None"} else Decimal(str(amount))))


def links_of(app: AppTest) -> Iterator[Link]:
    """Every link of the page."""
    for element in app.html:
        reader = _Reader()
        reader.feed(element.body)
        yield from reader.links
