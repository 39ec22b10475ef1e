"""The `owed` command. Results go to standard output, progress and errors to standard error."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from owed import __version__
from owed.errors import EXIT_DONE, EXIT_FAILED, OwedError, WrongUseError, redact
from owed.home import find_home
from owed.progress import Reporter, for_screen
from owed.query import Format

if TYPE_CHECKING:
    from loaders.landing import FileOutcome

app = typer.Typer(
    name="owed",
    help="What every payer contractually owes, what it paid, and why the two differ.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
contracts_app = typer.Typer(help="Contracts.", no_args_is_help=True)
app.add_typer(contracts_app, name="contracts")
quarantine_app = typer.Typer(help="What was refused.", no_args_is_help=True)
app.add_typer(quarantine_app, name="quarantine")

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The site's folder (default: $OWED_HOME, else ./home).", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command()
def refresh(
    inbox: Annotated[
        list[Path] | None, typer.Option("--inbox", help="A folder to load files from, instead of the home's inbox.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="The date figures are for (default: the newest posting)."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Build everything anew, even if nothing is new.")] = False,
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

        found = find_home(home)
        outcomes = preview(found, inboxes or (found.inbox,))
        _print([dataclasses.asdict(outcome) for outcome in outcomes], _told(outcomes), as_json)
        return
    request = Request(find_home(home), inboxes, as_of.date() if as_of else None, full)
    run = run_refresh(request, _reporter(as_json))
    _print(dataclasses.asdict(run), run.message, as_json)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Files to validate.", metavar="FILE...")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Validate files and tell what a refresh would do with them. Exit code 1 if one would be refused."""
    from owed.check import check as check_files

    outcomes = check_files(find_home(home), files)
    _print([dataclasses.asdict(outcome) for outcome in outcomes], _told(outcomes), as_json)
    if any(outcome.status == "refused" for outcome in outcomes):
        raise typer.Exit(EXIT_FAILED)


@app.command()
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
    _print(dataclasses.asdict(found), found.sentence, as_json)
    if not found.is_good:
        raise typer.Exit(EXIT_FAILED)


@app.command()
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
    _print(
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


@app.command()
def rollback(
    build: Annotated[str, typer.Argument(help="A build of `owed history` that is kept.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Republish an earlier snapshot."""
    from owed.rollback import rollback as run_rollback

    run = run_rollback(find_home(home).require(), build)
    _print(dataclasses.asdict(run), run.message, as_json)


@app.command()
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
            with out.open("wb") as handle:
                reader.run(connection, sql, chosen, handle)
        else:
            width = os.get_terminal_size().columns if sys.stdout.isatty() else None
            reader.run(connection, sql, chosen, sys.stdout.buffer, width)
            sys.stdout.flush()


@app.command()
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
    _print(found.as_dict(), str(found), as_json)


@contracts_app.command("test")
def contracts_test(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Run every contract's examples. Exit code 1 if one fails."""
    from owed.contracts_test import test as run_test

    found = run_test(find_home(home).require())
    _print(found.as_dict(), str(found), as_json)
    if not found.is_good:
        raise typer.Exit(EXIT_FAILED)


@contracts_app.command("from-mrf")
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
    _print([dataclasses.asdict(each) for each in written], "\n".join(map(str, written)), as_json)


@contracts_app.command("draft")
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
    _print([dataclasses.asdict(each) for each in written], "\n".join(map(str, written)), as_json)


@quarantine_app.command("list")
def quarantine_list(
    raw: Annotated[bool, typer.Option("--raw", help="Show the raw text too. It may name patients.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was refused, and why."""
    from owed.quarantine import entries

    found = entries(find_home(home).require(), raw)
    _print(
        [dataclasses.asdict(entry) for entry in found],
        "\n".join(
            f"{entry.name}  {entry.file}: {entry.rule}: {entry.reason}"
            + (f"\n{entry.raw_text}" if entry.raw_text else "")
            for entry in found
        )
        or "Nothing is in quarantine.",
        as_json,
    )


@quarantine_app.command("replay")
def quarantine_replay(
    entry: Annotated[list[str] | None, typer.Argument(help="Names of `owed quarantine list` (default: all).")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let the next refresh try refused files again."""
    from owed.quarantine import replay

    chosen = replay(find_home(home).require(), entry or [])
    _print(
        [dataclasses.asdict(one) for one in chosen], f"{len(chosen)} to be tried again by the next refresh.", as_json
    )


@app.command()
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
    _print(found.as_dict(), str(found), as_json)


@app.command()
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
    _print(found.as_dict(), str(found), as_json)


@app.command()
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

    code = serve(find_home(home).require(), address, port, lambda url: _serving(url, as_json))
    raise typer.Exit(EXIT_DONE if code == 0 else EXIT_FAILED)


@app.command()
def report(
    name: Annotated[
        str,
        typer.Argument(help="board-pack, cms-838, underpayments, denials, refunds, statements or mrf-allowed-amounts."),
    ],
    out: Annotated[Path, typer.Option("--out", help="The file to write; its ending chooses the format.")],
    month: Annotated[str | None, typer.Option(help="The board pack's, as 2025-09. (default: newest closed)")] = None,
    quarter: Annotated[str | None, typer.Option(help="The CMS-838's, as 2025Q3. (default: newest closed)")] = None,
    reopen: Annotated[bool, typer.Option("--reopen", help="Take a frozen month's figures anew.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report of the current snapshot to a file."""
    from owed import snapshots
    from owed.reports import Options, write

    found = find_home(home).require()
    with snapshots.open_current(found) as connection:
        written = write(connection, name, out, Options(month, quarter, found.root / "closed_months", reopen))
    _print(written.as_dict(), str(written), as_json)


@app.command()
def demo(
    claims: Annotated[int | None, typer.Option("--claims", min=100, help="Default: 20000.")] = None,
    serve_pages: Annotated[
        bool, typer.Option("--serve/--no-serve", envvar="DEMO_SERVE", help="Serve the dashboards after the summary.")
    ] = True,
    port: Annotated[int | None, typer.Option("--port", help="Default: the first free one from 8501.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build a sample home, refresh it, print a summary, and serve the dashboards."""
    from owed import demo as sample
    from owed.dashboard import serve
    from owed.refresh import Request
    from owed.refresh import refresh as run_refresh

    found = find_home(home)
    reporter = _reporter(as_json)
    if not sample.prepare(found, claims or sample.CLAIMS, reporter):
        reporter.say(f"Using the sample home at {found.root}")
    run = run_refresh(Request(found), reporter)
    reporter.say(run.message)
    figures = sample.summary(found)
    _print(
        {"home": str(found.root), "build": run.build, **{figure.name: str(figure.value) for figure in figures}},
        "\n".join(map(str, figures)),
        as_json,
    )
    if serve_pages:
        code = serve(found, "127.0.0.1", port, lambda url: _serving(url, as_json))
        raise typer.Exit(EXIT_DONE if code == 0 else EXIT_FAILED)


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


def _reporter(as_json: bool) -> Reporter:
    return Reporter() if as_json else for_screen()


def _print(result: object, text: str, as_json: bool) -> None:
    typer.echo(json.dumps(result, indent=1, default=str, ensure_ascii=False) if as_json else text)


def _told(outcomes: Sequence[FileOutcome]) -> str:
    return (
        "\n".join(
            f"{outcome.file_name}: {outcome.kind}, {outcome.status.replace('_', ' ')}"
            + (f": {outcome.refusal_reason}" if outcome.refusal_reason else "")
            + (f", {outcome.claim_count} claims" if outcome.claim_count is not None else "")
            + (f", {outcome.finding_count} findings" if outcome.finding_count else "")
            for outcome in outcomes
        )
        or "Nothing new."
    )


def _serving(url: str, as_json: bool) -> None:
    _print({"address": url}, f"Dashboards: {url}  (stop with Ctrl-C)", as_json)
    sys.stdout.flush()


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
