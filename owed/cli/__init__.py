"""The `owed` command. Results go to standard output, progress and errors to standard error."""

from __future__ import annotations

import json
import os
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from owed import __version__
from owed.cli import audit, checking, contracts, job, quarantine, reading, sample
from owed.cli.common import HomeOption
from owed.errors import EXIT_DONE, EXIT_FAILED, OwedError, redact

app = typer.Typer(
    name="owed",
    help="What every payer contractually owes, what it paid, and why the two differ.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for module in (job, checking, reading, sample, audit):
    app.add_typer(module.commands)
app.add_typer(contracts.commands, name="contracts")
app.add_typer(quarantine.commands, name="quarantine")


@app.callback(invoke_without_command=True)
def _common(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    home: HomeOption = None,
) -> None:
    if home:
        os.environ["OWED_HOME"] = str(home.absolute())
    if version:
        typer.echo(f"owed {__version__}")
        raise typer.Exit


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main() -> NoReturn:
    """Runs the command line; every error becomes one line and an exit code."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except OwedError as error:
        _fail(str(error), error.exit_code)
    except Exception as error:
        if os.environ.get("OWED_DEBUG"):
            raise
        _fail(f"{type(error).__name__}: {redact(str(error))} (OWED_DEBUG=1 shows where)", EXIT_FAILED)
    sys.exit(EXIT_DONE)


def _fail(message: str, exit_code: int) -> NoReturn:
    if "--json" in sys.argv:
        typer.echo(json.dumps({"error": message, "exit_code": exit_code}))
    typer.echo(f"owed: {message}", err=True)
    sys.exit(exit_code)
