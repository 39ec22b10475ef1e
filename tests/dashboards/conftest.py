"""Homes, page runs and a browser for the dashboards' tests. The support package stands beside this file."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

sys.path.insert(0, str(Path(__file__).parent))

from dashboard_home.maker import write_home
from dashboard_home.pages import OpenPage
from dashboard_home.server import serve

from loaders.quality import docs
from loaders.quality.check import Outcome
from loaders.quality.docs import Told

if TYPE_CHECKING:
    from playwright.sync_api import Browser

OUTCOMES = {"claims": Outcome(2_000, {"claim_line_charges": 3}), "envelopes": Outcome(2)}
APP = Path(__file__).parents[2] / "dashboards" / "app.py"


@pytest.fixture(scope="session")
def fictional_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a published snapshot of some 2,000 fictional claims. Read it, do not change it."""
    home = tmp_path_factory.mktemp("home")
    write_home(home)
    docs.write(home / "data_docs", Told("20251001T055800Z-0001", "2025-10-01T05:58:00+00:00", OUTCOMES))
    return home


@pytest.fixture()
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Runs one page of a home: `open_page(home, "denials", payer="NORTHFIELD")`."""

    def opened(home: object, page: str = "summary", /, **query: str | list[str]) -> AppTest:
        monkeypatch.setenv("OWED_HOME", str(home))
        monkeypatch.setattr(sys, "argv", ["app.py"])
        app = AppTest.from_file(APP, default_timeout=60)
        if page != "summary":
            app.run()
            app.switch_page(f"views/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return opened


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless system Chromium; the tests that need it are left out only where none is installed."""
    from playwright.sync_api import sync_playwright

    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
    )
    if not path:
        pytest.skip("no Chromium is installed")
    switches = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
                "--disable-component-update --disable-sync").split()  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=switches)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(fictional_home: Path) -> Iterator[str]:
    """The address at which the pages of `fictional_home` are served."""
    yield from serve(fictional_home)
