"""`owed audit`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from owed.cli.common import HomeOption, JsonOption, show
from owed.home import find_home

commands = typer.Typer()


@commands.command()
def audit(
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="From this day on (UTC).")
    ] = None,
    who: Annotated[str | None, typer.Option("--who", help="One person, as the log names them.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Who saw rows that name patients on the dashboards, and who took files away."""
    from owed.audit import entries

    found = entries(find_home(home).require(), since.date() if since else None, who)
    show([entry.said for entry in found], "\n".join(map(str, found)) or "Nothing is logged.", as_json)
