"""What every command shares: its options, and where it prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from owed.errors import WrongUseError
from owed.progress import Reporter, for_screen
from owed.words import counted

if TYPE_CHECKING:
    from loaders.landing import FileOutcome

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The site's folder (default: $OWED_HOME, else ./home).", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
_UNWRITABLE: dict[type[OSError], str] = {
    FileExistsError: "a file lies where a folder is needed",
    NotADirectoryError: "a file lies where a folder is needed",
    IsADirectoryError: "it is a folder",
    PermissionError: "permission denied",
}


def reporter(as_json: bool) -> Reporter:
    return Reporter() if as_json else for_screen()


def show(result: object, text: str, as_json: bool) -> None:
    typer.echo(json.dumps(result, indent=1, default=str, ensure_ascii=False) if as_json else text)


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """That `out` cannot be written is wrong use."""
    try:
        yield
    except tuple(_UNWRITABLE) as error:
        raise WrongUseError(f"{out} cannot be written: {_UNWRITABLE[type(error)]} ({error.filename}).") from error


def told(outcomes: Sequence[FileOutcome]) -> str:
    return (
        "\n".join(
            f"{outcome.file_name}: {outcome.kind}, {outcome.status.replace('_', ' ')}"
            + (f": {outcome.refusal_reason}" if outcome.refusal_reason else "")
            + (f", {counted(outcome.claim_count, 'claim')}" if outcome.claim_count is not None else "")
            + (f", {counted(outcome.finding_count, 'finding')}" if outcome.finding_count else "")
            for outcome in outcomes
        )
        or "Nothing new."
    )


def serving(url: str, as_json: bool) -> None:
    show({"address": url}, f"Dashboards: {url}  (stop with Ctrl-C)", as_json)
    sys.stdout.flush()
