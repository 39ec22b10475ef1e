"""The refresh job and its state: refresh, status, history, rollback."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from owed.cli.common import HomeOption, JsonOption, reporter, show, told
from owed.errors import EXIT_FAILED
from owed.home import find_home

commands = typer.Typer()


@commands.command()
def refresh(
    inbox: Annotated[
        list[Path] | None, typer.Option("--inbox", help="A folder to load files from, instead of the home's inbox.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="The date figures are for (default: the newest posting)."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Build everything anew, even if nothing is new.")] = False,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", min=0.01, envvar="OWED_TIMEOUT", help="Stop after so many minutes. (default: never)"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would become of the new files.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Land what is new, build, check, and publish."""
    from owed.refresh import Request
    from owed.refresh import refresh as run_refresh

    inboxes = tuple(path.absolute() for path in inbox or ())
    if dry_run:
        from owed.check import preview

        outcomes = preview(find_home(home), inboxes)
        show([dataclasses.asdict(outcome) for outcome in outcomes], told(outcomes), as_json)
        return
    request = Request(find_home(home), inboxes, as_of.date() if as_of else None, full, timeout)
    run = run_refresh(request, reporter(as_json))
    show(dataclasses.asdict(run), run.message, as_json)


@commands.command()
def status(
    max_age: Annotated[
        float | None, typer.Option("--max-age", help="Hours; with no good refresh for longer, the home is not good.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Freshness and gates in one line. Exit code 0 if good, 1 if not: fit for a health check."""
    from owed.status import status as find_status

    found = find_status(find_home(home), timedelta(hours=max_age) if max_age is not None else None)
    show(dataclasses.asdict(found), found.sentence, as_json)
    if not found.is_good:
        raise typer.Exit(EXIT_FAILED)


@commands.command()
def history(
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many runs.")] = 20,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """The runs, the newest first."""
    from owed import ledger, snapshots

    found = find_home(home).require()
    runs = ledger.history(found, limit)
    kept = {snapshot.build for snapshot in snapshots.listed(found)}
    in_use = snapshots.current(found)
    show(
        [
            {
                **dataclasses.asdict(run),
                "is_kept": run.build in kept,
                "is_current": in_use is not None and in_use.build == run.build,
            }
            for run in runs
        ],
        "\n".join(
            f"{run.started_at}  {run.status:<13}  {run.build or '-':<24}  {'kept' if run.build in kept else '':<4}  "
            f"{run.message}"
            for run in runs
        ),
        as_json,
    )


@commands.command()
def encrypt(
    old_key_file: Annotated[
        Path | None, typer.Option("--old-key-file", help="A file with the key so far, where there is one.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Encrypt the warehouse and the snapshots with the key in $OWED_ENCRYPTION_KEY, or with a new one."""
    from owed.encrypt import encrypt as run_encrypt
    from owed.encryption import key_in

    done = run_encrypt(find_home(home).require(), key_in(old_key_file) if old_key_file else None)
    show(dataclasses.asdict(done), str(done), as_json)


@commands.command()
def rollback(
    build: Annotated[str, typer.Argument(help="A build of `owed history` that is kept.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Republish an earlier snapshot."""
    from owed.rollback import rollback as run_rollback

    run = run_rollback(find_home(home).require(), build)
    show(dataclasses.asdict(run), run.message, as_json)
