"""A site's own command when a refresh ends: `OWED_ON_SUCCESS` and `OWED_ON_FAILURE`."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import asdict

from owed import encryption
from owed.errors import redact
from owed.home import Home
from owed.ledger import Run

SECONDS = 30


def call(home: Home, run: Run) -> None:
    """Runs the command with the ledger entry as JSON on its standard input; never changes how the run ended.

    No shell, nothing of the refresh's output. The entry holds counts, names of checks and sentences alone.
    """
    name = "OWED_ON_SUCCESS" if run.exit_code == 0 else "OWED_ON_FAILURE"
    command = os.environ.get(name)
    if not command:
        return
    try:
        done = subprocess.run(
            shlex.split(command),
            input=json.dumps(asdict(run)),
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env=encryption.without_key(os.environ),
            check=False,
        )
        run.log(home, "hook", name=name, exit_code=done.returncode)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        run.log(home, "hook", name=name, error=f"{type(error).__name__}: {redact(str(error))}")
