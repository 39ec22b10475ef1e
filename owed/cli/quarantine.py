"""`owed quarantine`: what was refused."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from owed.cli.common import HomeOption, JsonOption, show
from owed.home import find_home

commands = typer.Typer(help="What was refused.", no_args_is_help=True)


@commands.command("list")
def quarantine_list(
    raw: Annotated[bool, typer.Option("--raw", help="Show the raw text too. It may name patients.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was refused, and why."""
    from owed.quarantine import entries

    found = entries(find_home(home).require(), raw)
    show(
        [dataclasses.asdict(entry) for entry in found],
        "\n".join(
            f"{entry.name}  {entry.file}: {entry.rule}: {entry.reason}"
            + (f"\n{entry.raw_text}" if entry.raw_text else "")
            for entry in found
        )
        or "Nothing is in quarantine.",
        as_json,
    )


@commands.command("replay")
def quarantine_replay(
    entry: Annotated[list[str] | None, typer.Argument(help="Names of `owed quarantine list` (default: all).")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let the next refresh try refused files again."""
    from owed.quarantine import replay

    chosen = replay(find_home(home).require(), entry or [])
    show([dataclasses.asdict(one) for one in chosen], f"{len(chosen)} to be tried again by the next refresh.", as_json)
