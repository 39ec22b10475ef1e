"""The pages in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_the_summary_is_drawn_and_asks_no_other_host_for_anything(chromium: Browser, site: str) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(site)
    page.wait_for_selector("a.card")
    page.wait_for_selector(".stVegaLiteChart canvas, .stVegaLiteChart svg")
    page.wait_for_load_state("networkidle")
    hosts = {urlsplit(address).netloc for address in asked if urlsplit(address).scheme not in {"data", "blob"}}
    assert hosts == {urlsplit(site).netloc}
    assert page.locator("a.card").count() == 8
    page.close()
