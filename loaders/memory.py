"""Memory that was used and freed, given back to the system."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any


def give_back() -> None:
    """The C library keeps freed memory for its own next use, where other allocators do not find it: what rows took on
    their way in would stand beside what comes after them. Takes milliseconds; does nothing but on Linux's glibc."""
    if trim := _trim():
        trim(0)


@cache
def _trim() -> Any:
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
