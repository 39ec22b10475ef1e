"""Text that a spreadsheet takes for text."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_text(value: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection): an apostrophe goes before what might be."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
