"""A run that hangs is stopped, so that the next one finds the home free."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from owed.errors import OwedError


@contextmanager
def within(minutes: float | None) -> Iterator[None]:
    """Stops what it encloses, as Ctrl-C would, after so many minutes (None: never), and says so by `OwedError`.

    For the main thread alone, which is the one that signals reach.
    """
    if minutes is None:
        yield
        return
    is_over = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_over
        is_over = True
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, minutes * 60)
    try:
        yield
    except BaseException as error:
        # DuckDB makes an error of its own of the interrupt that met it in a query.
        if is_over:
            raise OwedError(
                f"Stopped after {minutes:g} minutes, the time it was given (--timeout); what was published before "
                "stands, and the next run goes on from what was landed."
            ) from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
