"""The words of a contract file that a pricing step rests on."""

from __future__ import annotations

import re

_PLACE = re.compile(r", line (\d+)$")
_BLOCKS = frozenset(("modifiers", "multiple_procedures", "lesser_of", "stop_loss"))
MOST_LINES = 30


def place(clause: str | None, rule: str, text: str) -> int | None:
    """The line (from 1) of the contract file's `text` that a step rests on; None where it rests on none.

    A clause names its line (`visits, line 24`), or its rule is a block of the file by itself (`multiple_procedures`).
    """
    found = _PLACE.search(clause or "")
    if found:
        return int(found[1])
    lines = text.splitlines() if rule in _BLOCKS else []
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{rule}:")), None)


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
