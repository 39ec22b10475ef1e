"""How long a reader waits for each page, in a real browser over a given home.

    python bench/dashboards.py --home HOME [--runs 3] [--chromium PATH]

Serves the home's pages on a free port and opens each as a reader who was here before (the program text is in the
browser's cache). `first` is the time from asking for the address until the page is whole, charts drawn, when the
server has not read its figures before; `again` the same once it has; `step` the time from a click (on a column's head
to sort by it, or a choice in a filter) until the page is whole again. The slowest of all runs counts for `first`, the
median for the others: `first` happens once a build. The limits are 2 seconds for a view and half a second for a step.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dashboards.home import current_snapshot  # noqa: E402
from dashboards.site import PAGES  # noqa: E402
from dashboards.snapshot import connect  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIRST_LIMIT, STEP_LIMIT = 2.0, 0.5
SWITCHES = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
            "--disable-component-update --disable-sync").split()  # fmt: skip
WHOLE = """() => document.querySelector('.stApp')?.dataset.testScriptState === 'notRunning'
    && document.querySelector('.page-head h1')
    && !document.querySelector('[data-stale="true"]')
    && [...document.querySelectorAll('.stVegaLiteChart')].every(chart => chart.querySelector('canvas, svg'))
    && performance.now()"""
# Starts the clock at the next click and stops it when the run that follows is over and has been painted.
CLOCK = """() => { window.stepTime = new Promise((done, failed) => {
    const app = document.querySelector('.stApp'); let began = 0, ran = false;
    addEventListener('click', () => { began = performance.now(); }, {capture: true, once: true});
    new MutationObserver((_, observer) => {
        const state = app.dataset.testScriptState;
        if (began && state === 'running') ran = true;
        if (ran && state === 'notRunning') {
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
        }
    }).observe(app, {attributes: true});
    setTimeout(() => failed(new Error('the step did not end within two minutes')), 120000);
}) }"""


def main() -> None:
    """Prints one line a page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    options = parser.parse_args()
    if not options.chromium:
        parser.error("no Chromium is installed; name one with --chromium")
    queries = _queries(options.home)
    firsts: dict[str, list[float]] = {key: [] for key in PAGES}
    agains: dict[str, list[float]] = {key: [] for key in PAGES}
    steps: dict[str, list[float]] = {key: [] for key in PAGES}
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=SWITCHES)
        for _ in range(options.runs):
            # A server of its own for each run: what one has read, it keeps.
            with _served(options.home) as site:
                page = _reader(browser, site)
                for key in PAGES:
                    address = f"{site}/{PAGES[key].path}{queries.get(key, '')}"
                    firsts[key].append(_view(page, address))
                    agains[key].append(_view(page, address))
                    if (step := _step(page)) is not None:
                        steps[key].append(step)
                page.close()
        browser.close()
    print(f"{'page':20}{'first':>8}{'again':>8}{'step':>8}   limits {FIRST_LIMIT:g} s, {STEP_LIMIT:g} s")
    for key in PAGES:
        first, again = max(firsts[key]), median(agains[key])
        step = median(steps[key]) if steps[key] else None
        over = [name for name, over in (("first", first > FIRST_LIMIT), ("step", (step or 0) > STEP_LIMIT)) if over]
        shown = f"{step:8.2f}" if step is not None else f"{'–':>8}"
        print(f"{PAGES[key].title:20}{first:8.2f}{again:8.2f}{shown}   {'over: ' + ', '.join(over) if over else ''}")


def _queries(home: Path) -> dict[str, str]:
    """Addresses of the pages that show one thing chosen."""
    snapshot = current_snapshot(home)
    if snapshot is None:
        raise SystemExit(f"Nothing is published in {home}.")
    with connect(str(snapshot.path)) as connection:
        found = connection.execute("select min(claim_key) from marts.fct_denials").fetchone()
    claim = found[0] if found and found[0] else ""
    return {
        "kpi": "?kpi=initial_denial_rate",
        "rows": "?set=variances&period=all&f.variance_class=as_expected",
        "claim": f"?claim={quote(claim)}" if claim else "",
    }


@contextmanager
def _served(home: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "streamlit", "run", "dashboards/app.py", "--server.address", "127.0.0.1"),
        *("--server.port", str(port), "--", "--home", str(home.absolute())),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("The pages' server does not answer.")


def _reader(browser: Browser, site: str) -> Page:
    """A page that has the program text, from an address that asks for no figures of a page of its own."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(120_000)
    page.goto(f"{site}/rows")
    page.wait_for_function(WHOLE)
    return page


def _view(page: Page, address: str) -> float:
    page.goto(address, wait_until="commit")
    milliseconds: float = page.wait_for_function(WHOLE).json_value()
    return milliseconds / 1000


def _step(page: Page) -> float | None:
    """Seconds that one step takes; None where the page has neither a table to sort nor a filter."""
    head = page.locator("th a")
    box = page.locator('[class*="st-key-filter_"] input')
    if not head.count() and not box.count():
        return None
    if head.count():
        page.evaluate(CLOCK)
        head.last.evaluate("link => link.click()")  # it may stand outside what a wide table shows
    else:
        box.first.click()
        option = page.locator('[role=option][aria-selected="false"]').first
        option.wait_for()
        page.evaluate(CLOCK)
        option.click()
    milliseconds: float = page.evaluate("window.stepTime")
    return milliseconds / 1000


if __name__ == "__main__":
    main()
