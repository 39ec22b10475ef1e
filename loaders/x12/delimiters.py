"""Delimiters, read from each ISA; never assumed.

The ISA is nominally 106 characters, but files in the wild have it shorter, longer and wrapped, so the fields are
found by the element separator (the fourth character) and not by position.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.source import Refusal

ISA_ELEMENTS = 16
# A real ISA is 105 to 107 characters; four times that still allows for padding and wrapped lines.
ISA_LIMIT = 424
# With it the mark that DOS put at the end of files (1A), which their concatenation leaves in the middle.
WHITESPACE = b" \t\r\n\0\x0b\x0c\x1a"
BOM = b"\xef\xbb\xbf"
LINE_BREAKS = b"\r\n"
NEXT_AFTER_ISA = (b"GS", b"TA1", b"IEA", b"ISA", b"ST")


@dataclass(frozen=True)
class Delimiters:
    """One byte each, as the ISA gives them. `repetition` is empty before version 00402 (ISA11 was a code)."""

    element: bytes
    component: bytes
    terminator: bytes
    repetition: bytes = b""


ENVELOPE_LESS = Delimiters(element=b"*", component=b":", terminator=b"~", repetition=b"^")


def read_isa(data: bytes, start: int, offset: int = 0) -> Delimiters:
    """The delimiters of the interchange whose `ISA` begins at `start`; `offset` is where `data` begins in the file.

    Raises `Refusal` (rule `isa_malformed`, position in bytes) if sixteen elements and a terminator are not there.
    """
    window = data[start : start + ISA_LIMIT]
    element = window[3:4]
    if not element or element in LINE_BREAKS:
        raise Refusal("isa_malformed", "the ISA ends before its first element", position=offset + start)
    separators = [3]
    for _ in range(ISA_ELEMENTS - 1):
        separators.append(window.find(element, separators[-1] + 1))
        if separators[-1] < 0:
            raise Refusal(
                "isa_malformed",
                f"the ISA has fewer than {ISA_ELEMENTS} elements",
                position=offset + start,
                raw_text=window[:106].decode("latin-1"),
            )
    component = window[separators[-1] + 1 : separators[-1] + 2]
    terminator, after = _terminator(window, separators[-1] + 2)
    version = window[separators[11] + 1 : separators[12]].strip()
    isa11 = window[separators[10] + 1 : separators[11]].strip(WHITESPACE)
    repetition = isa11[:1] if version >= b"00402" and isa11 and not isa11.isalnum() else b""
    fault = ""
    if not component or not terminator or component == element or terminator in (element, component):
        fault = "the ISA does not end in a component separator and a segment terminator that differ"
    elif not (element + component + terminator).isascii():
        # X12's character sets are ASCII; a byte beyond it may be half a character of the text.
        fault = "a delimiter of the ISA is not an ASCII character"
    elif window[after:].lstrip(WHITESPACE).partition(terminator)[0].rstrip(LINE_BREAKS).endswith(component):
        fault = "ISA16, the component separator, is missing: the segment terminator stands in its place"
    if fault:
        position = offset + start + after
        raise Refusal("isa_malformed", fault, position=position, raw_text=window[:106].decode("latin-1"))
    return Delimiters(element, component, terminator, repetition)


def _terminator(window: bytes, at: int) -> tuple[bytes, int]:
    """The terminator is what follows ISA16; a line break is one only if the next segment follows it at once."""
    end = at
    while end < len(window) and window[end : end + 1] in (b"\r", b"\n"):
        end += 1
    if end > at:
        rest = window[end:].lstrip(WHITESPACE)
        if rest.upper().startswith(NEXT_AFTER_ISA) or not rest:
            return (b"\n" if b"\n" in window[at:end] else b"\r"), end
    return window[end : end + 1], end


_ISA_OR_ST = re.compile(
    rb"[\s\x00\x1a]*(?:\xef\xbb\xbf)?[\s\x00\x1a]*(ISA|ST)([^A-Za-z0-9\s\x00]|(?<=ISA).)", re.I | re.S
)


def find_start(head: bytes) -> tuple[str, int] | None:
    """Where X12 begins in a file's first bytes: (`ISA` or `ST`, offset), or None if it is not X12."""
    match = _ISA_OR_ST.match(head)
    if match is None:
        return None
    return match.group(1).decode().upper(), match.start(1)
