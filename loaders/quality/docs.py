"""Great Expectations' own pages (Data Docs) for the suites of one landing: what was expected, and how it went.

They are made of counts alone, so they name no patient and no claim, and they load nothing from anywhere. A process of
its own makes them, `python -m loaders.quality.docs FOLDER TOLD` (`Told` as JSON): the library takes seconds to load,
which a refresh spends building.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from loaders.quality.check import Outcome, expectation, load_library
from loaders.quality.suites import SUITES, Suite

RESULTS = "validations.json"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{# Nothing is loaded. A script of its own is what the dashboards measure the page's height with. #}
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{{ page_title }}</title>
<style>{{ style }}</style>
</head>
<body>
<main>
<h1>{{ expectation_suite_name }}</h1>
{% for section in sections %}{% set section_loop = loop %}{% include 'section.j2' %}{% endfor %}
</main>
</body>
</html>
"""
_INDEX = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Expectation suites</title></head>
<body><main><h1>Expectation suites</h1><ul>{}</ul></main></body>
</html>
"""


@dataclass(frozen=True)
class Told:
    """The run, when it began (ISO), and the outcome of each suite by name."""

    run_id: str
    run_time: str
    outcomes: Mapping[str, Outcome]

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Told:
        read = json.loads(text)
        outcomes = {name: Outcome(**outcome) for name, outcome in read["outcomes"].items()}
        return cls(read["run_id"], read["run_time"], outcomes)


def validation(library: Any, suite: Suite, told: Told) -> Any:
    """The suite's results over all batches of the run, in the library's form: an `ExpectationSuiteValidationResult`."""
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )

    outcome = told.outcomes.get(suite.name, Outcome())
    results = []
    for rule in suite.rules:
        unmet = outcome.unmet.get(rule.name, 0)
        percent = 100 * unmet / outcome.rows if outcome.rows else 0
        counts = {"element_count": outcome.rows, "unexpected_count": unmet, "unexpected_percent": percent}
        configuration = expectation(library, rule).configuration
        results.append(ExpectationValidationResult(success=not unmet, expectation_config=configuration, result=counts))
    met = len(suite.rules) - sum(1 for rule in suite.rules if outcome.unmet.get(rule.name))
    statistics = {
        "evaluated_expectations": len(results),
        "successful_expectations": met,
        "unsuccessful_expectations": len(results) - met,
        "success_percent": 100 * met / len(results),
    }
    meta = {
        # Not the id alone: the library would read it as a time, and fail where its end is no time zone.
        "run_id": {"run_name": f"run {told.run_id}", "run_time": told.run_time},
        "batch_spec": {"data_asset_name": " and ".join(f"raw.{table}" for table in suite.tables), "rows": outcome.rows},
        "great_expectations_version": library.__version__,
    }
    return ExpectationSuiteValidationResult(met == len(results), results, suite.name, statistics=statistics, meta=meta)


def page(result: Any) -> str:
    """The library's page of a validation, without what it would fetch and run: scripts, styles, fonts and links."""
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaPageView

    document = ValidationResultsPageRenderer(run_info_at_end=True).render(result).to_json_dict()
    style = Path(__file__).with_name("docs.css").read_text(encoding="utf-8")
    html: str = DefaultJinjaPageView().env.from_string(_PAGE).render(document, style=style)
    html = html.replace("h6>", "h3>").replace("<h6", "<h3").replace("h5>", "h2>").replace("<h5", "<h2")
    html = re.sub(r"<a\b[^>]*>(.*?)</a>", r"\1", html, flags=re.DOTALL)
    html = re.sub(r'<i [^>]*aria-hidden="true"></i>', "", html)
    html = re.sub(r'<i class="[^"]*text-success"[^>]*></i>', '<b class="met">Met</b>', html)
    return re.sub(r'<i class="[^"]*text-danger"[^>]*></i>', '<b class="unmet">Not met</b>', html)


def write(folder: Path, told: Told) -> None:
    """Puts the pages and the results (`validations.json`) in `folder`/run id, whole or not at all.

    Later runs have later ids: older pages go, and the newest are those to read.
    """
    library = load_library()
    results = [validation(library, suite, told) for suite in SUITES]
    draft = folder / f".{told.run_id}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft.mkdir(mode=0o700)
    for result in results:
        _save(draft / f"{result.suite_name}.html", page(result))
    links = "".join(f'<li><a href="{suite.name}.html">{suite.name}</a></li>' for suite in SUITES)
    _save(draft / "index.html", _INDEX.format(links))
    _save(draft / RESULTS, json.dumps([result.to_json_dict() for result in results]))
    draft.rename(folder / told.run_id)
    for older in folder.iterdir():
        if older.name.lstrip(".") < told.run_id:
            shutil.rmtree(older, ignore_errors=True)


def _save(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)


if __name__ == "__main__":
    # Figures go first: a build takes both processors, and leaves some of their time where it waits or writes.
    os.nice(19)
    write(Path(sys.argv[1]), Told.from_json(sys.argv[2]))
