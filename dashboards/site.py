"""The pages, and how an address to one of them is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

Params = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Page:
    """One page: its file under `views/`, its address, its name in the menu and the question it answers."""

    key: str
    path: str
    title: str
    question: str
    group: str | None = None

    @property
    def file(self) -> str:
        return f"views/{self.key}.py"


_PAGES = (
    Page("summary", "", "Executive summary", "How are we paid, and what is still owed?", "Overview"),
    Page("variance", "payment-variance", "Payment variance", "Where do payers pay less than agreed?", "Payers"),
    Page("denials", "denials", "Denials", "What is refused, why, and what can be won back?", "Payers"),
    Page("payers", "payers", "Payers", "Which payer keeps its contract?", "Payers"),
    Page("contracts", "contracts", "Contracts", "What did we agree, with whom, until when?", "Payers"),
    Page("aging", "ar-aging", "AR aging", "What is open, and how old is it?", "Balances"),
    Page("credits", "credit-balances", "Credit balances", "What do we hold that is not ours?", "Balances"),
    Page("patients", "patient-balances", "Patient balances", "What do patients owe, and what comes next?", "Balances"),
    Page("forecast", "cash-forecast", "Cash forecast", "What will come in, and when?", "Balances"),
    Page("claim", "claim", "Claim", "What happened to one claim?", "Look up"),
    Page("quality", "data-quality", "Data quality", "Can these figures be trusted?", "Look up"),
    Page("definitions", "definitions", "Definitions", "What does each figure mean?", "Look up"),
    Page("kpi", "kpi", "Indicator", "How did one indicator move, and because of whom?"),
    Page("rows", "rows", "Rows", "Which rows stand behind a number?"),
)

PAGES = {page.key: page for page in _PAGES}


def address(page: str, query: Params | None = None) -> str:
    """A relative address, so that a prefix before the site's own paths does no harm."""
    return f"./{PAGES[page].path}{query_string(query or {})}"


def query_string(query: Params) -> str:
    """`?a=1&b=2`; empty when there is nothing to say."""
    return f"?{urlencode(query, doseq=True)}" if query else ""
