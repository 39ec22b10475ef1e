"""Each planted cause pays exactly what INTERFACE's table names, worked by hand from the schedules' rows.

Rows used (dollars): northfield-ppo-1 99213 119.70 office, 86.20 facility; 99214 166.26; 49505 759.27; 49650 647.52.
northfield-ppo-2 99213 122.57; 20610 96.49. northfield-hmo 99213 105.56. bluestone-1 99213 125.70.
fedcare 99213 90.22, 99214 128.50, 49505 524.88, 49650 428.44. pinewood 99213 66.50 then 69.69.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

import pytest

from owed.sample import deviations
from owed.sample.book import Book
from owed.sample.calendar import Calendar
from owed.sample.deviations import Case, Deviation
from owed.sample.encounter import Encounter, Line
from owed.sample.planting import is_plain

BOOK = Book(Calendar(date(2025, 1, 1), date(2025, 12, 31)))
MARCH, AUGUST = 70, 220


class Always(Random):
    """Draws the same number each time."""

    def __init__(self, value: float) -> None:
        super().__init__(0)
        self.value = value

    def random(self) -> float:
        return self.value


def case(
    contract_id: str,
    lines: list[tuple[str, str, int, int]],
    *,
    day: int = MARCH,
    place: str = "11",
    drg: str = "",
    draw: float = 0.9,
    patient: tuple[int, ...] = (),
) -> Case:
    """Lines as (procedure or revenue code, modifiers, units, charge in cents); a DRG makes it a stay."""
    contract = next(contract for contract in BOOK.contracts if contract.id == contract_id)
    made = tuple(
        Line("C1776" if text == "0278" else "", (), text, units, charge, day)
        if drg
        else Line(text, tuple(modifiers.split()), "", units, charge, day)
        for text, modifiers, units, charge in lines
    )
    encounter = Encounter(
        "institutional" if drg else "professional",
        "made",
        made,
        "" if drg else place,
        "111" if drg else "",
        drg,
        ("I10",),
        "family",
        day,
        day + 5,
        sum(line.charge for line in made),
    )
    price = BOOK.pricer.price(contract, encounter)
    owed = patient or (0,) * (1 if price.whole_term else len(made))
    return Case(BOOK, Always(draw), contract, encounter, price, owed)


VISIT = ("99213", "", 1, 20_500)
HERNIAS = [("49650", "LT", 1, 231_000), ("49505", "59 RT", 1, 240_000)]
KNEE = [("0120", "", 2, 492_000), ("0360", "", 1, 2_450_000), ("0278", "", 1, 1_480_000)]
WEEK = [("0120", "", 7, 1_722_000), ("0250", "", 1, 3_000_000)]

BY_LINE: list[tuple[str, Case, Callable[[Case], Deviation | None], tuple[int, ...]]] = [
    ("the level below", case("fedcare-professional", [("99214", "", 1, 29_000)]), deviations.recoded, (9_022,)),
    # 200 units at 61.15, paid for 1 + int(0.9 x 199) = 180
    (
        "fewer units",
        case("bluestone-professional-1", [("J9271", "", 200, 2_160_000)]),
        deviations.units_changed,
        (1_100_700,),
    ),
    # agreed 214.22 and 524.88 (half for the smaller); without the reduction 428.44
    (
        "the agreed reduction not taken",
        case("fedcare-professional", HERNIAS, place="24", draw=0.1),
        deviations.multiple_procedure_reduction,
        (42_844, 52_488),
    ),
    # no reduction is agreed: 669.40 and 777.03; half of 669.40
    (
        "a reduction that was not agreed",
        case("bluestone-professional-1", HERNIAS, place="24"),
        deviations.multiple_procedure_reduction,
        (33_470, 77_703),
    ),
    (
        "the version before",
        case("northfield-ppo-professional-2", [VISIT], day=AUGUST),
        deviations.stale_rate,
        (11_970,),
    ),
    ("the period before", case("pinewood-professional", [VISIT], day=AUGUST), deviations.stale_rate, (6_650,)),
    ("the other product", case("northfield-ppo-professional-1", [VISIT]), deviations.wrong_schedule, (10_556,)),
    ("facility for office", case("northfield-ppo-professional-1", [VISIT]), deviations.wrong_setting, (8_620,)),
    # 96.49 x 105% = 101.3145 without the 150% for both sides
    (
        "one side for two",
        case("northfield-ppo-professional-2", [("20610", "50", 1, 28_500)], day=AUGUST),
        deviations.modifier_ignored,
        (10_131,),
    ),
    # agreed 14.03 (8.50 x 165%), capped by nothing; the charge is 12.00
    ("the charge where nothing caps", case("cedarline", [("36415", "", 1, 1_200)]), deviations.lesser_of, (1_200,)),
    # 138.78 less 2% of the 113.78 that is the payer's
    (
        "2% kept back",
        case("meridian-ma-ppo-professional", [("99214", "", 1, 29_000)], patient=(2_500,)),
        deviations.sequestration,
        (13_650,),
    ),
]
WHOLE: list[tuple[str, Case, Callable[[Case], Deviation | None], int]] = [
    ("the case rate alone", case("northfield-institutional", KNEE, drg="470"), deviations.carve_out_unpaid, 2_680_000),
    # no line term takes rooms: the default, 48% of 4920.00 and 24500.00, and the implant at 55% of 14800.00
    (
        "line by line",
        case("northfield-institutional", KNEE, drg="470"),
        deviations.claim_rate_missed,
        236_160 + 1_176_000 + 814_000,
    ),
    # 3 x 3150 + 3 x 2700 for six days of seven (draw 0 takes one day)
    ("a day less", case("bluestone-institutional-1", WEEK, drg="194", draw=0.0), deviations.per_diem_days, 1_755_000),
    # 10400 x 4.9317 instead of 52% of 200000.00
    (
        "no stop-loss",
        case("northfield-institutional", [("0200", "", 30, 20_000_000)], drg="853"),
        deviations.stop_loss_missed,
        5_128_968,
    ),
]


@pytest.mark.parametrize(("made", "plant", "allowed"), [row[1:] for row in BY_LINE], ids=[row[0] for row in BY_LINE])
def test_by_line(made: Case, plant: Callable[[Case], Deviation | None], allowed: tuple[int, ...]) -> None:
    found = plant(made)
    assert found is not None and found.cause == plant.__name__
    assert found.lines == allowed
    assert is_plain(made, found)


@pytest.mark.parametrize(("made", "plant", "allowed"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_of_the_claim(made: Case, plant: Callable[[Case], Deviation | None], allowed: int) -> None:
    found = plant(made)
    assert found is not None and found.cause == plant.__name__
    assert found.whole == allowed
    assert is_plain(made, found)


def test_a_reduction_shown_as_co_59_is_the_whole_cut() -> None:
    """Where the agreed reduction is 100/50, the payer takes 100/25 and shows it: 214.22 - 107.11."""
    made = case("fedcare-professional", HERNIAS, place="24", draw=0.4)
    found = deviations.multiple_procedure_reduction(made)
    assert found is not None
    assert found.lines == (10_711, 52_488)
    assert found.shown == {0: 10_711}


def test_what_two_causes_explain_is_not_planted() -> None:
    """Nor what no tolerance lets count."""
    made = case("fedcare-professional", [VISIT])
    assert not is_plain(made, Deviation("unexplained", (9_022 - 40,)))  # within 0.50
    # The facility rate of the same code: another cause's amount to the cent.
    assert not is_plain(made, Deviation("unexplained", (6_497,)))
    assert is_plain(made, Deviation("unexplained", (7_000,)))


def test_nothing_fits_where_nothing_differs() -> None:
    made = case("ironworks", [VISIT])
    for plant in (deviations.stale_rate, deviations.wrong_schedule, deviations.lesser_of, deviations.sequestration):
        assert plant(made) is None
