"""What the files landed last met of what is expected of them: Great Expectations' results and pages in the home.

They hold counts and no value of any record, so every role may read them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Validation:
    """One suite in the newest run that landed claims or remittances (UTC). `page` is the library's page, as HTML."""

    suite: str
    run_at: datetime
    row_count: int
    expectation_count: int
    unmet_count: int
    page: str


def newest(home: Path) -> list[Validation]:
    """The newest run's validations in the suites' order; none where there are none, or they cannot be read."""
    runs = sorted((path for path in (home / "data_docs").glob("[!.]*") if path.is_dir()), reverse=True)
    if not runs:
        return []
    try:
        results = json.loads((runs[0] / "validations.json").read_text(encoding="utf-8"))
        return [
            Validation(
                suite=result["suite_name"],
                run_at=_moment(result["meta"]["run_id"]["run_time"]),
                row_count=int(result["meta"]["batch_spec"]["rows"]),
                expectation_count=int(result["statistics"]["evaluated_expectations"]),
                unmet_count=int(result["statistics"]["unsuccessful_expectations"]),
                page=(runs[0] / f"{result['suite_name']}.html").read_text(encoding="utf-8"),
            )
            for result in results
        ]
    except (OSError, ValueError, TypeError, KeyError):  # newer ones have just taken their place, or they are no results
        return []


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
