"""`owed dashboard`: serves the Streamlit pages over the published snapshot, on this machine alone unless told."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from time import monotonic, sleep

from owed.errors import OwedError, WrongUseError
from owed.home import Home, project_dir

FIRST_PORT = 8501
PORTS_TRIED = 50
START_SECONDS = 90


def serve(home: Home, address: str, port: int | None, ready: Callable[[str], None]) -> int:
    """Serves until stopped. Calls `ready` with the web address once pages answer; returns the server's exit code."""
    page = project_dir() / "dashboards" / "app.py"
    chosen = port if port is not None else _free_port(address)
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(page)),
        *("--server.address", address, "--server.port", str(chosen), "--server.headless", "true"),
        *("--browser.gatherUsageStats", "false", "--logger.level", "warning"),
        *("--", "--home", str(home.root)),
    ]
    # Streamlit prints an address of its own, which would stand in the way of `--json`.
    server = subprocess.Popen(command, env={**os.environ, "OWED_HOME": str(home.root)}, stdout=subprocess.DEVNULL)
    try:
        _wait(server, address, chosen)
        ready(f"http://{address}:{chosen}")
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(server: subprocess.Popen[bytes], address: str, port: int) -> None:
    began = monotonic()
    while monotonic() - began < START_SECONDS:
        if server.poll() is not None:
            raise OwedError("The dashboards did not start; their message stands above. Is the port taken?")
        connection = HTTPConnection(address, port, timeout=2)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            sleep(0.2)
        finally:
            connection.close()
    raise OwedError(f"The dashboards did not answer within {START_SECONDS} seconds.")


def _free_port(address: str) -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return port
    raise WrongUseError(f"No free port from {FIRST_PORT} on; name one with --port.")
