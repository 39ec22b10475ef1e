"""The words of a contract file that a pricing step rests on."""

from __future__ import annotations

import re

_PLACE = re.compile(r", line (\d+)$")
MOST_LINES = 30


def place(clause: str | None) -> int | None:
    """The line of the contract file that a step's clause names (`visits, line 24`); None where it names none."""
    found = _PLACE.search(clause or "")
    return int(found[1]) if found else None


def excerpt(text: str, line: int) -> str:
    """The block of YAML that begins on `line` (from 1), without its outer indentation.

    A block goes on as long as its lines are indented more than its first one.
    """
    lines = text.splitlines()
    if not 1 <= line <= len(lines):
        return ""
    first = lines[line - 1]
    indent = _indent(first)
    block = [first]
    for following in lines[line : line - 1 + MOST_LINES]:
        if not following.strip() or _indent(following) <= indent:
            break
        block.append(following)
    return "\n".join(each[indent:] for each in block)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
