"""A tiny dbt project in the place of the real one, so that a refresh takes moments."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from owed.home import Home
from owed.ledger import Run
from owed.models import DIGEST_BYTES, PARSED
from owed.progress import Reporter
from owed.refresh import Request, refresh

REPOSITORY = Path(__file__).resolve().parents[2]
PAYERS = "payer_id,payer_name,payer_class,aliases\n"

WritePayers = Callable[..., Path]
Refresh = Callable[..., Run]
Nodes = Mapping[str, Any]


@pytest.fixture(scope="session")
def nodes(sample_home: Home) -> Nodes:
    """The real project's nodes as dbt read them."""
    from dbt.contracts.graph.manifest import Manifest

    return Manifest.from_msgpack((sample_home.runs / PARSED).read_bytes()[DIGEST_BYTES:]).nodes


@pytest.fixture(scope="session")
def tiny_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project") / "owed"
    shutil.copytree(Path(__file__).parent / "tiny_project", folder)
    shutil.copy(REPOSITORY / "profiles.yml", folder)
    shutil.copytree(REPOSITORY / "macros" / "changed", folder / "macros" / "changed")
    for name in ("generate_schema_name.sql", "listed.sql"):
        shutil.copy(REPOSITORY / "macros" / name, folder / "macros")
    return folder


@pytest.fixture
def tiny(tiny_project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts the tiny project and a fixed day in the environment, for this process and its children."""
    monkeypatch.setenv("OWED_PROJECT", str(tiny_project))
    monkeypatch.setenv("OWED_TODAY", "2026-01-15")
    return tiny_project


@pytest.fixture
def write_payers(home: Home) -> WritePayers:
    """Writes a payer file of these names to the inbox: `write_payers("Northfield", file="payers.csv")`."""

    def write(*names: str, file: str = "payers.csv") -> Path:
        path = home.inbox / file
        rows = "".join(f"{name.upper()},{name},commercial,\n" for name in names)
        path.write_text(PAYERS + rows, encoding="utf-8")
        return path

    return write


@pytest.fixture
def run_refresh(tiny: Path, home: Home) -> Refresh:
    """A refresh of the test's home in this process: `run_refresh(full=True)`."""

    def run(**request: object) -> Run:
        return refresh(Request(home, **request), Reporter())  # type: ignore[arg-type]

    return run
