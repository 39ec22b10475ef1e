"""Every page of the dashboards is an exposure, so that dbt shows what a change of a mart reaches."""

from __future__ import annotations

from ruamel.yaml import YAML

from dashboards.site import PAGES
from tests.conftest import PROJECT


def test_every_page_is_an_exposure() -> None:
    document = YAML(typ="safe").load((PROJECT / "models/marts/_exposures.yml").read_text(encoding="utf-8"))
    labels = {exposure["label"] for exposure in document["exposures"]}
    # The page of rows shows whichever table stands behind a number; it rests on no mart of its own.
    assert labels == {page.title for page in PAGES.values()} - {"Rows"}
