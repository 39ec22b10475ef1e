"""Every page as people with other eyes meet it: axe-core finds nothing, at two widths, in light and dark.

The pictures are kept for people to look at: in `$OWED_SCREENSHOTS` where that is set, else with the test's own files.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from dashboard_home.browsing import QUERIES, settle

from dashboards.site import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 8000


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_no_page_has_an_obstacle(
    chromium: Browser, site: str, tmp_path: Path, width: int, height: int, scheme: Literal["light", "dark"]
) -> None:
    folder = Path(os.environ.get("OWED_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.set_default_timeout(60_000)
    found: list[str] = []
    for key, item in PAGES.items():
        page.goto(f"{site}/{item.path}{QUERIES.get(key, '')}")
        page.wait_for_selector(".page-head h1")
        settle(page)
        # The page scrolls inside itself: only a window as tall as it shows, and checks, all of it.
        whole = int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight"))
        page.set_viewport_size({"width": width, "height": min(whole, TALLEST)})
        page.wait_for_timeout(300)
        for frame in page.frames:
            frame.evaluate(AXE)
            result: dict[str, Any] = frame.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [_told(key, violation) for violation in result["violations"]]
        picture = folder / f"{key}-{width}-{scheme}.png"
        page.screenshot(path=picture)
        assert picture.stat().st_size > 10_000
        page.set_viewport_size({"width": width, "height": height})
    page.close()
    assert found == []


def _told(key: str, violation: dict[str, Any]) -> str:
    first = violation["nodes"][0]
    return f"{key}: {violation['id']}, {len(violation['nodes'])} times, first {first['target']}: {first['html'][:120]}"
