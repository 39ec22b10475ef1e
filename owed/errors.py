"""What can go wrong, and the exit code each thing ends a command with."""

from __future__ import annotations

import re

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_WRONG_USE = 2
EXIT_LOCKED = 75

LONGEST = 400


class OwedError(Exception):
    """Something that stops a command; its text says what happened and what to do, and holds no patient's data."""

    exit_code = EXIT_FAILED


class WrongUseError(OwedError):
    """The command was asked for something that cannot be."""

    exit_code = EXIT_WRONG_USE


class CheckFailedError(OwedError):
    """The data failed a check; nothing was published."""


class LockHeldError(OwedError):
    """Another refresh holds the home."""

    exit_code = EXIT_LOCKED


# Errors of these DuckDB kinds quote the offending value; all others quote names of columns and tables only.
_QUOTES_VALUES = re.compile(r"conversion|constraint|invalid input|out of range|duplicate key|cast", re.IGNORECASE)
_VALUE = re.compile(r"""'[^']*'|"[^"]*"|\d[\d.,:/-]*""")


def redact(message: str) -> str:
    """`message` on one line without the data it may quote, fit for a log: values become `…`, SQL excerpts are cut."""
    lines = [line.strip() for line in message.strip().splitlines()] or [""]
    if _QUOTES_VALUES.search(message):
        return _VALUE.sub("…", lines[0])
    return " ".join(line for line in lines if line)[:LONGEST]
