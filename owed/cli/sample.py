"""`owed demo`."""

from __future__ import annotations

from typing import Annotated

import typer

from owed.cli.common import HomeOption, JsonOption, reporter, serving, show
from owed.errors import EXIT_DONE, EXIT_FAILED
from owed.home import find_home

commands = typer.Typer()


@commands.command()
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
    screen = reporter(as_json)
    if not sample.prepare(found, claims or sample.CLAIMS, screen):
        screen.say(f"Using the sample home at {found.root}")
    run = run_refresh(Request(found), screen)
    screen.say(run.message)
    figures = sample.summary(found)
    show(
        {"home": str(found.root), "build": run.build, **{figure.name: str(figure.value) for figure in figures}},
        "\n".join(map(str, figures)),
        as_json,
    )
    if serve_pages:
        code = serve(found, "127.0.0.1", port, lambda url: serving(url, as_json))
        raise typer.Exit(EXIT_DONE if code == 0 else EXIT_FAILED)
