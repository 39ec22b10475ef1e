"""What is still told of a content refused whole: the kind it would have been, and the text at fault."""

from __future__ import annotations

import re

from loaders.inbox import Content
from loaders.source import Refusal
from loaders.x12.load import recognise

# Enough to see a claim's segments or a table's header; a quarantine entry is no second copy of the file.
LONGEST_TEXT = 300
_TRANSACTION = re.compile(rb"(?<![A-Z0-9])ST(?P<element>[^A-Za-z0-9\s])(?P<type>8(?:35|37))(?P=element)", re.IGNORECASE)
# Numbers of the implementation guides, 005010 and 004010.
_GUIDES = {
    b"837P": re.compile(rb"00[45]010X(222|098)"),
    b"837I": re.compile(rb"00[45]010X(223|096)"),
    b"837D": re.compile(rb"00[45]010X(224|097)"),
}


def completed(refusal: Refusal, content: Content) -> Refusal:
    """The refusal with `kind` and `raw_text` where it left them open, as far as the content tells.

    An X12 file's kind goes by the transactions at its beginning, joined by `+` as in `rpt_files`.
    """
    is_x12 = recognise(content.head) is not None
    if is_x12 and refusal.kind == "unknown":
        refusal.kind = _x12_kind(content.head)
    if refusal.raw_text is None:
        refusal.raw_text = _text_at(content.data or content.head, refusal.position, is_x12)
    return refusal


def _x12_kind(head: bytes) -> str:
    kinds: set[str] = set()
    for transaction in _TRANSACTION.finditer(head):
        if transaction["type"] == b"835":
            kinds.add("835")
        else:
            kinds |= {kind.decode() for kind, guide in _GUIDES.items() if guide.search(head)}
    return "+".join(sorted(kinds)) or "unknown"


def _text_at(data: bytes, position: int | None, is_x12: bool) -> str:
    """Of X12 what leads to the byte at `position`, of a table or a contract the line; else, or where that lies past
    what is at hand of a large file, how the content begins."""
    piece = b""
    if is_x12 and position:
        piece = data[:position][-LONGEST_TEXT:] if position <= len(data) else b""
    elif position:
        piece = b"".join(data.splitlines()[position - 1 : position])
    return (piece or data)[:LONGEST_TEXT].decode("utf-8", "replace")
