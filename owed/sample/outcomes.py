"""What became of each denial by the sample's last day, read from the planned events by INTERFACE rule 14."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from owed.sample.adjudication import Adjudication, adjustment_class
from owed.sample.claim_text import Submission
from owed.sample.life import Life, Transaction


class Denial(NamedTuple):
    """One denied line (0: the claim) on one date; days are numbers, amounts cents.

    `is_certain` is false where what to call the outcome is a matter of taste: a line refused again after a corrected
    claim, an appeal won but not yet paid.
    """

    line: int
    day: int
    group: str
    reason: str
    remarks: tuple[str, ...]
    is_initial: bool
    amount: int
    outcome: str
    outcome_day: int | None
    recovered: int
    deadline: int | None
    is_certain: bool


class Refused(NamedTuple):
    """A line's (or claim's) figures in one answer."""

    line: int
    denied: list[tuple[str, str, int]]
    remarks: tuple[str, ...]
    allowed: int
    paid: int


def refused_of(answer: Adjudication) -> list[Refused]:
    def denials(adjustments: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
        return [found for found in adjustments if adjustment_class(found[1]) == "denial"]

    found = [
        Refused(line.number, denials(line.adjustments), line.remarks, line.allowed, line.paid) for line in answer.lines
    ]
    if not answer.lines or denials(answer.adjustments):
        found.append(Refused(0, denials(answer.adjustments), answer.remarks, answer.allowed, answer.paid))
    return found


def denials_of(life: Life, last: int) -> Iterator[Denial]:
    """Every denial row of a claim: one a line and answer of the first payer that refused it."""
    events = list(life.events(last))
    answers = [
        event
        for event in events
        if isinstance(event, Adjudication) and event.role == "P" and event.reverses is None
    ]  # fmt: skip
    for index, answer in enumerate(answers):
        for refused in refused_of(answer):
            if refused.denied:
                yield denial_of(life, last, events, answers[index:], refused, is_initial=index == 0)


def denial_of(
    life: Life,
    last: int,
    events: list[Submission | Adjudication | Transaction],
    answers: list[Adjudication],
    refused: Refused,
    *,
    is_initial: bool,
) -> Denial:
    answer = answers[0]
    group, reason, _ = max(refused.denied, key=lambda found: found[2])
    deadline = answer.day + life.contract.appeal_days if life.contract else None
    outcome, day, recovered, certain = "", None, 0, True
    if len(answers) > 1:
        later = answers[-1]
        after = figures(later, refused.line)
        if after.allowed > refused.allowed:
            outcome = "partially_overturned" if after.denied else "overturned"
            day, recovered = later.day, max(0, after.paid - refused.paid)
        else:
            certain = False
    if not outcome:
        won = any(isinstance(event, Transaction) and event.kind == "appeal_overturned" for event in events)
        certain = certain and not won
        outcome, day = standing(events, answer.day, group, deadline, last)
    return Denial(
        refused.line, answer.day, group, reason, refused.remarks, is_initial,
        sum(amount for _, _, amount in refused.denied), outcome, day, recovered, deadline,
        certain and not life.uncertain_denials,
    )  # fmt: skip


def figures(answer: Adjudication, line: int) -> Refused:
    """The line's figures in an answer, or the claim's where either knows only the claim."""
    found = next((refused for refused in refused_of(answer) if refused.line == line), None)
    if found is not None and line:
        return found
    denied = [found for found in answer.all_adjustments() if adjustment_class(found[1]) == "denial"]
    return Refused(0, denied, answer.remarks, answer.allowed, answer.paid)


def standing(
    events: list[Submission | Adjudication | Transaction], since: int, group: str, deadline: int | None, last: int
) -> tuple[str, int | None]:
    """The outcome of a denial that still stands, and its day."""
    if group == "PR":
        return "billed_to_patient", since
    days: dict[str, int] = {}
    for event in events:
        if isinstance(event, Transaction) and event.day >= since:
            days[event.kind] = event.day
        elif isinstance(event, Submission) and event.day >= since and event.frequency == "7":
            days["rebilled"] = event.day
    for kind, outcome in (
        ("denial_write_off", "written_off"),
        ("appeal_upheld", "upheld"),
        ("appeal_filed", "appealed"),
        ("rebilled", "rebilled"),
    ):
        if kind in days:
            return outcome, days[kind]
    if deadline is not None and deadline < last:
        return "past_deadline", deadline
    return "open", None
