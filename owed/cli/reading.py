"""What reads the current snapshot: query, explain, report, dashboard, whatif, forecast."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from owed.cli.common import HomeOption, JsonOption, serving, show, writing
from owed.errors import EXIT_DONE, EXIT_FAILED, WrongUseError
from owed.home import find_home
from owed.query import Format

commands = typer.Typer()


@commands.command()
def query(
    sql: Annotated[str, typer.Argument(help="One statement that reads, for example: from marts.fct_claims limit 5")],
    form: Annotated[Format, typer.Option("--format", help="How to print the rows.")] = Format.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write to instead of standard output.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read the current snapshot."""
    from owed import query as reader
    from owed import snapshots

    chosen = Format.JSON if as_json else form
    if chosen is Format.PARQUET and out is None and sys.stdout.isatty():
        raise WrongUseError("Parquet is not for a screen: name a file with --out.")
    with snapshots.open_current(find_home(home).require()) as connection:
        if out is not None:
            with writing(out):
                out.parent.mkdir(parents=True, exist_ok=True)
                with out.open("wb") as handle:
                    reader.run(connection, sql, chosen, handle)
        else:
            width = os.get_terminal_size().columns if sys.stdout.isatty() else None
            reader.run(connection, sql, chosen, sys.stdout.buffer, width)
            sys.stdout.flush()


@commands.command()
def explain(
    claim_id: Annotated[str, typer.Argument(help="The patient control number as billed.")],
    line: Annotated[int | None, typer.Option("--line", min=1, help="One line alone.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every step from contract clause to expected amount, and what the payer did."""
    from owed import snapshots
    from owed.explain import explain as run_explain

    with snapshots.open_current(find_home(home).require()) as connection:
        found = run_explain(connection, claim_id, line)
    show(found.as_dict(), str(found), as_json)


@commands.command()
def report(
    name: Annotated[
        str,
        typer.Argument(
            help="board-pack, evidence, cms-838, underpayments, denials, refunds, statements, reminders, agency, "
            "unclaimed-property, credit-trend or mrf-allowed-amounts."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="The file to write; its ending chooses the format.")],
    month: Annotated[str | None, typer.Option(help="The board pack's, as 2025-09. (default: newest closed)")] = None,
    quarter: Annotated[str | None, typer.Option(help="The CMS-838's, as 2025Q3. (default: newest closed)")] = None,
    reopen: Annotated[bool, typer.Option("--reopen", help="Take a frozen month's figures anew.")] = False,
    project: Annotated[
        str | None, typer.Option(help="The evidence packet's: a project_id of rpt_underpayment_projects.")
    ] = None,
    claim: Annotated[str | None, typer.Option(help="The evidence packet's, instead: a patient control number.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report of the current snapshot to a file."""
    from owed import snapshots
    from owed.reports import Options, write

    found = find_home(home).require()
    options = Options(month, quarter, found.root / "closed_months", reopen, project, claim)
    with snapshots.open_current(found) as connection, writing(out):
        written = write(connection, name, out, options)
    show(written.as_dict(), str(written), as_json)


@commands.command()
def dashboard(
    port: Annotated[int | None, typer.Option("--port", help="Default: the first free one from 8501.")] = None,
    address: Annotated[str, typer.Option("--address", help="Where to listen; others than this machine see PHI.")] = (
        "127.0.0.1"
    ),
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the dashboards until stopped."""
    from owed.dashboard import serve

    code = serve(find_home(home).require(), address, port, lambda url: serving(url, as_json))
    raise typer.Exit(EXIT_DONE if code == 0 else EXIT_FAILED)


@commands.command()
def whatif(
    contract: Annotated[Path, typer.Option("--contract", help="The contract file to price under.")],
    payer: Annotated[str | None, typer.Option("--payer", help="Default: the contract's own payer.")] = None,
    rates: Annotated[
        list[Path] | None, typer.Option("--rates", help="A schedule or weights it names that are not in the inbox.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Price the last twelve months again under another contract file."""
    from owed.whatif import whatif as run_whatif

    found = run_whatif(find_home(home).require(), contract, payer, rates or ())
    show(found.as_dict(), str(found), as_json)


@commands.command()
def forecast(
    payer: Annotated[str | None, typer.Option("--payer", help="Default: every payer.")] = None,
    multiplier: Annotated[
        float | None, typer.Option(min=0, help="What if allowed were this percent of charges.")
    ] = None,
    denial_rate: Annotated[float | None, typer.Option(min=0, max=100, help="What if this percent were lost.")] = None,
    authorization_loss: Annotated[
        float | None, typer.Option(min=0, max=100, help="What if this percent were lost for want of authorization.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forecast the yield of the last twelve months' claims by the portfolio formula."""
    from owed import snapshots
    from owed.forecast import forecast as run_forecast
    from owed.forecast import fraction

    changes = (fraction(multiplier), fraction(denial_rate), fraction(authorization_loss))
    with snapshots.open_current(find_home(home).require()) as connection:
        found = run_forecast(connection, payer, *changes)
    show(found.as_dict(), str(found), as_json)
