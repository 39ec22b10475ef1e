"""Serves the pages of a home on a free port, as a user would."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

REPOSITORY = Path(__file__).parents[3]


def serve(home: Path) -> Iterator[str]:
    """Yields the address once pages answer; stops the server afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "streamlit", "run", "dashboards/app.py"),
        *("--server.port", str(port), "--server.address", "127.0.0.1", "--", "--home", str(home)),
    ]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError("the pages' server stopped")
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the pages' server does not answer")
