"""Processes that tests start to kill: quick to start, since what they import is loaded once and then forked."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["owed.refresh", "dbt.cli.main", "dbt.adapters.duckdb"])


def start(target: Callable[..., object], *arguments: object) -> BaseProcess:
    """A running process of `target(*arguments)` in the environment of now, not in that the server was started in."""
    process = _CONTEXT.Process(target=_call, args=(dict(os.environ), target, *arguments))
    process.start()
    return process


def _call(environment: Mapping[str, str], target: Callable[..., object], *arguments: object) -> None:
    os.environ.clear()
    os.environ.update(environment)
    target(*arguments)
