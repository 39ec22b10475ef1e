"""What a person sees while a command works: a bar on a terminal, plain lines elsewhere. Always on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

LINE_SECONDS = 5.0


class Step:
    """One stage on show. `total` may be learnt later, or never."""

    def advance(self, text: str = "", total: int | None = None) -> None:
        """One more thing done; `text` names it, and holds no patient's data."""

    def close(self) -> None:
        """The stage is over."""


class Reporter:
    """Says nothing; what scripts and tests use."""

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[Step]:
        yield Step()

    def say(self, text: str) -> None:
        """One line for the person at the screen."""


class _Line(Step):
    def __init__(self, name: str, total: int | None) -> None:
        self.name, self.total, self.count = name, total, 0
        self.began = self.said = monotonic()

    def advance(self, text: str = "", total: int | None = None) -> None:
        self.count, self.total = self.count + 1, total or self.total
        if monotonic() - self.said >= LINE_SECONDS:
            self.said = monotonic()
            print(f"{self.name}: {self._count()} {text}".rstrip(), file=sys.stderr, flush=True)

    def close(self) -> None:
        print(f"{self.name}: {self._count()} in {monotonic() - self.began:.1f} s", file=sys.stderr, flush=True)

    def _count(self) -> str:
        return f"{self.count} of {self.total}" if self.total else str(self.count) if self.count else "done"


class LineReporter(Reporter):
    """Plain lines, one every few seconds and one at the end of a stage."""

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[Step]:
        line = _Line(name, total)
        yield line
        line.close()

    def say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)


class _Bar(Step):
    def __init__(self, progress: Progress, name: str, total: int | None) -> None:
        self.progress = progress
        self.task = progress.add_task(name, total=total, text="")

    def advance(self, text: str = "", total: int | None = None) -> None:
        self.progress.update(self.task, advance=1, text=text[-50:], total=total or self.progress.tasks[self.task].total)

    def close(self) -> None:
        task = self.progress.tasks[self.task]
        self.progress.update(self.task, total=task.total or 1, completed=task.total or 1, text="")


class BarReporter(Reporter):
    """A bar a stage, for a terminal."""

    def __init__(self) -> None:
        self.console = Console(stderr=True)

    @contextmanager
    def step(self, name: str, total: int | None = None) -> Iterator[Step]:
        columns = (
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description:<22}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[text]}", markup=True),
        )
        with Progress(*columns, console=self.console) as progress:
            bar = _Bar(progress, name, total)
            yield bar
            bar.close()

    def say(self, text: str) -> None:
        self.console.print(text, highlight=False, markup=False)


def for_screen() -> Reporter:
    return BarReporter() if sys.stderr.isatty() else LineReporter()
