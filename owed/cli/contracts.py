"""`owed contracts`: examples and drafts."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from owed.cli.common import HomeOption, JsonOption, show
from owed.errors import EXIT_FAILED
from owed.home import find_home

commands = typer.Typer(help="Contracts.", no_args_is_help=True)


@commands.command("test")
def contracts_test(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Run every contract's examples. Exit code 1 if one fails."""
    from owed.contracts_test import test as run_test

    found = run_test(find_home(home).require())
    show(found.as_dict(), str(found), as_json)
    if not found.is_good:
        raise typer.Exit(EXIT_FAILED)


@commands.command("from-mrf")
def contracts_from_mrf(
    file: Annotated[Path, typer.Argument(help="A hospital's price-transparency file: CSV or JSON, .gz and .zip too.")],
    payer: Annotated[str, typer.Option("--payer", help="The payer as the file names it.")],
    plan: Annotated[
        str | None, typer.Option("--plan", help="The plan as the file names it. (default: the payer's only one)")
    ] = None,
    payer_id: Annotated[str | None, typer.Option("--payer-id", help="Your payer's id, for the draft.")] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder for the drafts.")] = Path("drafts"),
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draft contracts and fee schedules for review from a hospital's own price-transparency file."""
    from owed import snapshots
    from owed.drafting import draft, from_mrf
    from owed.drafting.payers import payer_id_of
    from owed.home import today

    found = find_home(home)
    if payer_id is None and snapshots.current(found) is not None:
        with snapshots.open_current(found) as connection:
            payer_id = payer_id_of(connection, payer)
    written = draft.write(from_mrf.draft_contracts(file, payer, plan, payer_id, today()), out)
    show([dataclasses.asdict(each) for each in written], "\n".join(map(str, written)), as_json)


@commands.command("draft")
def contracts_draft(
    payer: Annotated[str, typer.Option("--payer", help="The payer's id or name.")],
    out: Annotated[Path, typer.Option("--out", help="The folder for the drafts.")] = Path("drafts"),
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Infer draft contracts from what a payer's remittances allowed, where no contract is on file."""
    from owed import snapshots
    from owed.drafting import draft, from_remittances
    from owed.drafting.payers import payer_id_of
    from owed.reports.stamp import stamp_of

    with snapshots.open_current(find_home(home).require()) as connection:
        payer_id = payer_id_of(connection, payer) or payer
        drafts = from_remittances.draft_contracts(connection, payer_id, stamp_of(connection))
    written = draft.write(drafts, out)
    show([dataclasses.asdict(each) for each in written], "\n".join(map(str, written)), as_json)
