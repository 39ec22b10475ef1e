"""Opening pages in a real browser and waiting until they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUERIES = {
    "kpi": "?kpi=cash_collected",
    "quality": "?suite=claims",
    "rows": "?set=variances&f.variance_class=underpaid",
}


def settle(page: Page) -> None:
    """Waits until the run of the page is over."""
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    page.wait_for_function("!document.querySelector('[data-stale=\"true\"]')")
    page.wait_for_timeout(150)
