"""Numbers in sentences."""

from __future__ import annotations


def counted(number: int, word: str) -> str:
    """A number with what it counts: `1 file`, `2,000 files`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
