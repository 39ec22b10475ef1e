"""The pages in a real browser: the walks a reader makes, and that nothing leaves the machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from dashboard_home.browsing import QUERIES, settle

from dashboards.site import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
MAIN = '[data-testid="stMain"]'


@pytest.fixture()
def page(chromium: Browser) -> Iterator[Page]:
    made = chromium.new_page(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    made.set_default_timeout(60_000)
    yield made
    made.close()


def open_page(page: Page, site: str, key: str = "summary", query: str = "") -> None:
    page.goto(f"{site}/{PAGES[key].path}{query or QUERIES.get(key, '')}")
    page.wait_for_selector(".page-head h1")
    settle(page)


def follow(page: Page, selector: str) -> None:
    """Clicks a link and waits for the page it leads to, which reads otherwise."""
    link = page.locator(selector).first
    left = page.locator(MAIN).inner_text()
    query = urlsplit(str(link.get_attribute("href"))).query
    link.click()
    page.wait_for_function(
        "query => decodeURIComponent(location.search.slice(1)) === decodeURIComponent(query)", arg=query
    )
    # The address changes before the page begins to.
    page.wait_for_function(f"left => document.querySelector('{MAIN}').innerText !== left", arg=left)
    settle(page)


def headline(page: Page) -> str:
    return page.locator(".page-head h1").inner_text()


def test_no_page_asks_any_other_host_for_anything(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    for key in PAGES:
        open_page(page, site, key)
    page.wait_for_load_state("networkidle")
    hosts = {urlsplit(address).netloc for address in asked if urlsplit(address).scheme not in {"data", "blob"}}
    assert hosts == {urlsplit(site).netloc}
    assert len(asked) > len(PAGES)


def test_the_summary_is_drawn_with_its_charts(page: Page, site: str) -> None:
    open_page(page, site)
    assert page.locator("a.card").count() == 8
    page.wait_for_selector(".stVegaLiteChart canvas, .stVegaLiteChart svg")
    assert page.locator('[data-testid="stException"]').count() == 0


def test_a_number_is_followed_to_a_claim_and_its_explanation(page: Page, site: str) -> None:
    open_page(page, site, "variance")
    page.evaluate("window.stayed = true")  # a page loaded anew would forget this
    follow(page, "td:first-child a:text-is('Stale rate')")
    follow(page, "td:first-child a:text-is('Northfield Health')")
    amount = (
        page.locator("table").first.locator("tbody tr:first-child a[data-amount]").last.get_attribute("data-amount")
    )
    follow(page, "tbody tr:first-child td:first-child a")
    expected = f"${Decimal(str(amount)):,.2f} recoverable"
    page.wait_for_function("text => document.querySelector('.page-head h1')?.innerText.includes(text)", arg=expected)
    follow(page, "tbody tr:first-child td:first-child a")
    page.wait_for_function("document.querySelector('.page-head h1')?.innerText.startsWith('Claim DEMO')")
    assert "underpaid" in page.locator("ol.plain .under").first.inner_text()
    assert set(parse_qs(urlsplit(page.url).query)) == {"claim"}
    assert page.evaluate("window.stayed") is True
    page.go_back()
    page.wait_for_function("document.querySelector('.page-head h1')?.innerText.includes('recoverable')")


def test_a_filter_lives_in_the_address_and_survives_reload_and_navigation(page: Page, site: str) -> None:
    open_page(page, site, "denials")
    whole = headline(page)
    page.locator(".st-key-filter_payer input").click()
    page.get_by_role("option", name="Lakemont Mutual").click()
    page.wait_for_function("location.search.includes('payer=LAKEMONT')")
    settle(page)
    page.wait_for_function("whole => document.querySelector('.page-head h1')?.innerText !== whole", arg=whole)
    chosen = headline(page)
    page.reload()
    page.wait_for_selector(".page-head h1")
    page.wait_for_function("chosen => document.querySelector('.page-head h1')?.innerText === chosen", arg=chosen)
    page.get_by_role("link", name="Payment variance").click()
    page.wait_for_function("location.pathname.includes('payment-variance')")
    settle(page)
    assert parse_qs(urlsplit(page.url).query) == {"payer": ["LAKEMONT"]}
    page.locator("a.reset").click()
    page.wait_for_function("!location.search.includes('payer')")
    settle(page)
    page.wait_for_function("document.querySelector('.st-key-filter_payer input').value === 'All payers'")


def test_an_export_holds_all_rows_and_says_what_they_are(page: Page, site: str) -> None:
    open_page(page, site, "rows", "?set=credits&f.cause=duplicate_payment")
    shown = page.locator("tfoot td").last.inner_text()
    with page.expect_download() as waiting:
        page.locator(".st-key-credits_csv button").first.click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    head = [row[0] for row in rows if row[0].startswith("# ")]
    assert "# As of: 2025-09-30" in head
    assert any(line.startswith("# Build: ") for line in head)
    assert any(line.startswith("# Filters: ") and "Cause: duplicate_payment" in line for line in head)
    names = rows[len(head)]
    amounts = [Decimal(row[names.index("credit_amount")]) for row in rows[len(head) + 1 :]]
    assert f"{sum(amounts):,.2f}" == shown
    assert waiting.value.suggested_filename.endswith("-credits.csv")


def test_no_page_is_wider_than_a_phone(chromium: Browser, site: str) -> None:
    phone = chromium.new_page(viewport={"width": 390, "height": 844})
    phone.set_default_timeout(60_000)
    for key in PAGES:
        open_page(phone, site, key)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, key
        widest = phone.evaluate(
            "Math.max(...[...document.querySelectorAll('.stHtml, .stVegaLiteChart')]"
            ".map(part => part.getBoundingClientRect().right))"
        )
        assert widest <= 390, key
    phone.close()


def test_the_menu_of_a_phone_closes_once_a_page_was_chosen(chromium: Browser, site: str) -> None:
    phone = chromium.new_page(viewport={"width": 390, "height": 844})
    phone.set_default_timeout(60_000)
    open_page(phone, site)
    phone.locator('[data-testid="stExpandSidebarButton"]').click()
    phone.get_by_role("link", name="Denials").click()
    phone.wait_for_function("document.querySelector('.eyebrow')?.innerText === 'Denials'")
    phone.wait_for_function("document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().right <= 0")
    phone.close()


def test_the_theme_follows_the_reader(chromium: Browser, site: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        made = chromium.new_page(color_scheme=scheme)
        open_page(made, site)
        grounds.append(made.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor"))
        made.close()
    assert grounds == ["rgb(251, 250, 247)", "rgb(18, 23, 27)"]
