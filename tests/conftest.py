"""What tests of every part share: public samples, homes, and the command line."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from owed.home import Home

PROJECT = Path(__file__).resolve().parents[1]
SAMPLE_CLAIMS = 400

# Two workers, each with a refresh of its own, must fit on a small machine.
os.environ.setdefault("OWED_MEMORY_LIMIT", "1GB")

Owed = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Public sample and reference files, kept beside the repository; tests of them are skipped without."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of public samples, ../shared, is not here")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home of the test's own."""
    made = Home(tmp_path / "home")
    made.create()
    return made


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Home:
    """A small sample home, refreshed once for all tests and workers. For reading only: copy it to change it."""
    from owed.demo import prepare
    from owed.progress import Reporter
    from owed.refresh import Request, refresh

    base = tmp_path_factory.getbasetemp()
    home = Home((base if worker_id == "master" else base.parent) / "sample_home")
    ready = home.root.with_suffix(".ready")
    with home.root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            assert not home.root.exists(), "the sample home could not be made; see the first test that failed on it"
            prepare(home, SAMPLE_CLAIMS, Reporter())
            refresh(Request(home), Reporter())
            ready.touch()
    return home


@pytest.fixture(scope="session")
def owed() -> Owed:
    """Runs the command line in a process of its own: `owed("status", "--json", home=home)`."""

    def run(*arguments: str, home: Home | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        given = ["--home", str(home.root)] if home else []
        return subprocess.run(
            [sys.executable, "-m", "owed", *arguments, *given],
            env={**os.environ, **environment},
            cwd=PROJECT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=240,
            check=False,
        )

    return run
