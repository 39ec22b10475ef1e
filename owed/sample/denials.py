"""Why payers refuse, and what becomes of it: reasons with their codes, and the follow-up of a denied claim."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from owed.sample.payers import Payer


class Reason(NamedTuple):
    """`weight` by claims; `rises_to` the weight by the sample's end; `by_line` fit to refuse one line alone."""

    group: str
    reason: str
    remarks: tuple[str, ...]
    weight: int
    rises_to: int
    by_line: bool = False
    rebill: float = 0.3
    """The share of worked denials that are worked by a corrected claim, the rest by appeal."""


REASONS: tuple[Reason, ...] = (
    Reason("CO", "16", ("N290",), 130, 130, rebill=1.0),
    Reason("CO", "197", ("N596",), 150, 160, rebill=0.0),
    Reason("CO", "50", ("N115",), 110, 110, True, rebill=0.1),
    Reason("CO", "97", ("N19",), 40, 40, True, rebill=0.5),
    Reason("CO", "252", ("N706",), 20, 380, rebill=0.8),
    Reason("CO", "22", ("MA04",), 60, 60, rebill=0.7),
    Reason("CO", "27", (), 60, 50, rebill=0.4),
    Reason("CO", "11", ("M76",), 50, 50, True, rebill=1.0),
    Reason("CO", "4", (), 60, 60, True, rebill=1.0),
    Reason("CO", "151", ("N362",), 40, 40, True, rebill=0.0),
    Reason("OA", "18", ("N522",), 40, 40, rebill=0.2),
    Reason("CO", "31", ("N382",), 25, 25, rebill=0.9),
    Reason("CO", "B7", ("N570",), 25, 25, rebill=0.3),
    Reason("CO", "96", ("N425",), 30, 30, True, rebill=0.0),
    Reason("PR", "204", (), 45, 45, True),
    Reason("PR", "27", (), 40, 40),
)
"""252 (documents wanted) is the reason that rises through the year."""
NOT_RECOGNISED = "31"
"""The one reason that comes with CLP02 4: the patient is unknown to the payer."""
TIMELY = Reason("CO", "29", (), 0, 0, rebill=0.0)
NOT_PAYABLE = Reason("CO", "96", ("N383",), 0, 0, True)
OUTCOMES: tuple[tuple[str, int], ...] = (
    ("overturned", 46),
    ("partially_overturned", 6),
    ("upheld", 8),
    ("refused_again", 4),
    ("written_off", 14),
    ("pending", 7),
    ("nothing", 15),
)
"""What becomes of a denial that is the provider's to work, percent."""
OUTCOME_WEIGHTS = list(accumulate(weight for _, weight in OUTCOMES))


class Refusal(NamedTuple):
    """One line refused: `at` counts from 0; `part` percent of its price is allowed all the same."""

    at: int
    reason: Reason
    part: int = 0


def by_code(code: str) -> Reason:
    """The provider's-liability reason of a code."""
    return next(reason for reason in REASONS if reason.reason == code and reason.group == "CO")


def draw_reason(random: Random, progress: float, *, by_line: bool) -> Reason:
    """A reason; `progress` is the part of the sample's period that has passed, 0 to 1."""
    fit = [reason for reason in REASONS if reason.by_line or not by_line]
    weights = list(accumulate(reason.weight + (reason.rises_to - reason.weight) * progress for reason in fit))
    return fit[min(bisect(weights, random.random() * weights[-1]), len(fit) - 1)]


def draw_outcome(random: Random) -> str:
    return OUTCOMES[bisect(OUTCOME_WEIGHTS, random.random() * OUTCOME_WEIGHTS[-1])][0]


def denial_rate(payer: Payer, progress: float) -> float:
    """The chance that a claim is denied whole: it rises with the reason that rises."""
    weights: Sequence[int] = [reason.weight for reason in REASONS]
    rise = sum(reason.rises_to - reason.weight for reason in REASONS)
    return payer.deny / 1000 * (1 + progress * rise / sum(weights))
