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
    busy = '[data-test-script-state]:not([data-test-script-state="notRunning"]), [data-stale="true"]'
    page.wait_for_function("busy => !document.querySelector(busy)", arg=busy)
    page.wait_for_timeout(150)
