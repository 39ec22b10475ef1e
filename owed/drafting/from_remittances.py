"""Drafts contracts from what a payer's remittances allowed, where no contract is on file. Inferred, never agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import duckdb

from owed.drafting.draft import Draft, ScheduleRow, Term, slug
from owed.drafting.learned import Learned, Lesson, StayLesson, learn
from owed.drafting.places import INPATIENT_STAY, OUTPATIENT_CLAIM, Match
from owed.drafting.remittances import Observation, Scope, observations
from owed.drafting.yaml_text import PERSON, number
from owed.reports.spreadsheet import Sheet
from owed.reports.stamp import Stamp

EVIDENCE_COLUMNS = (
    *("kind", "code", "modifier", "setting", "method", "rate_or_percent", "effective_from", "effective_to"),
    *("service_count", "explained_count", "lowest_unit_amount", "highest_unit_amount", "first_service", "note"),
)
# Below this share the rates are told, and the draft is no ground to bill a payer on.
TRUSTED_SHARE = Decimal("0.8")


def draft_contracts(con: duckdb.DuckDBPyConnection, payer_id: str, stamp: Stamp) -> list[Draft]:
    """One draft a claim type, and a plan where every claim of the type names one."""
    found = observations(con, payer_id)
    drafts = [_draft(payer_id, scope, observed, stamp) for scope, observed in found.items()]
    return [draft for draft in drafts if draft.terms]


def _draft(payer_id: str, scope: Scope, observed: Sequence[Observation], stamp: Stamp) -> Draft:
    learned = learn(observed)
    contract_id = "-".join(map(slug, filter(None, (payer_id, scope.plan, scope.claim_type, "inferred"))))
    start = min(observation.month for observation in observed)
    plan = f" {scope.plan}" if scope.plan else ""
    return Draft(
        contract_id=contract_id,
        name=f"{payer_id}{plan}, {scope.claim_type} (INFERRED from remittances, not agreed)",
        payer_id=payer_id,
        claim_types=[scope.claim_type],
        effective_from=start,
        products=[scope.plan] if scope.plan else [],
        header=list(_header(payer_id, learned, stamp)),
        modifiers={modifier: percent for modifier, (percent, _) in learned.modifiers.items()},
        lesser_of="line" if learned.is_capped_at_charge else None,
        terms=list(_terms(learned, scope, contract_id)),
        stubs=list(_stubs(learned)),
        schedule=list(_schedule(learned, contract_id, start)),
        review=_evidence(learned),
    )


def _header(payer_id: str, learned: Learned, stamp: Stamp) -> Iterator[str]:
    share = Decimal(learned.explained_count) / learned.line_count
    yield f"INFERRED from remittances of {payer_id} up to {stamp.as_of} (build {stamp.build}). Not an agreement:"
    yield "it says what the payer did, mistakes included, and shows no underpayment that was made every time."
    yield f"{learned.explained_count} of {learned.line_count} services ({share:.0%}) are explained to the cent."
    if share < TRUSTED_SHARE:
        yield f"{PERSON}: that is little. Dispute nothing on the ground of this draft."
    yield "Counts and spread of every code are in the review list. Replace this by the contract as soon as it is found."


def _terms(learned: Learned, scope: Scope, contract_id: str) -> Iterator[Term]:
    is_institutional = scope.claim_type == "institutional"
    places = OUTPATIENT_CLAIM if is_institutional else {}
    for stay in sorted(learned.stays, key=lambda stay: (not stay.codes, -stay.figure)):
        yield _stay_term(stay)
    yield from _percent_terms([lesson for lesson in learned.lessons if lesson.percent is not None], places)
    rated = [lesson for lesson in learned.lessons if lesson.rates]
    if any(lesson.key.kind == "procedure" for lesson in rated):
        yield Term("inferred-fee-schedule", "fee_schedule", places, schedule=contract_id)
    for lesson in rated:
        if lesson.key.kind == "revenue_code":
            comments = [_told(lesson.explained, lesson.total)]
            if len(lesson.rates) > 1:
                comments.append(f"Until {lesson.rates[-2].effective_to}: {number(lesson.rates[-2].amount)}")
            match: Match = {"revenue_code": [lesson.key.code], **places}
            name = f"inferred-revenue-{lesson.key.code}"
            yield Term(name, "per_unit", match, amount=lesson.rates[-1].amount, comments=comments)


def _stay_term(stay: StayLesson) -> Term:
    is_percent = stay.method == "percent_of_charge"
    return Term(
        "-".join(("inferred", stay.method.replace("_", "-"), *stay.codes)),
        stay.method,
        {"drg": stay.codes, **INPATIENT_STAY} if stay.codes else INPATIENT_STAY,
        "claim",
        amount=None if is_percent else stay.figure,
        percent=stay.figure if is_percent else None,
        comments=[_told(stay.explained, stay.total)],
    )


def _percent_terms(lessons: Sequence[Lesson], places: Match) -> Iterator[Term]:
    """One term a percent, kind of code and modifier; those for a modifier first, for the others take any."""
    groups: dict[tuple[str, str, Decimal], list[Lesson]] = {}
    for lesson in lessons:
        if lesson.percent is not None:
            groups.setdefault((lesson.key.kind, lesson.key.modifier, lesson.percent), []).append(lesson)
    for (kind, modifier, percent), group in sorted(groups.items(), key=lambda item: (not item[0][1], item[0])):
        shown = number(percent).replace(".", "-")
        match: Match = {kind: sorted({lesson.key.code for lesson in group}), **places}
        if modifier:
            match["modifier"] = [modifier]
        yield Term(
            "-".join(filter(None, ("inferred-percent", shown, kind.split("_")[0], modifier))),
            "percent_of_charge",
            match,
            percent=percent,
            comments=[_told(sum(lesson.explained for lesson in group), sum(lesson.total for lesson in group))],
        )


def _told(explained: int, total: int) -> str:
    return f"Inferred: explains {explained} of {total} to the cent"


def _schedule(learned: Learned, contract_id: str, start: date) -> Iterator[ScheduleRow]:
    for lesson in learned.lessons:
        if lesson.key.kind != "procedure":
            continue
        for rate in lesson.rates:
            key = lesson.key
            yield ScheduleRow(
                contract_id,
                key.code,
                key.modifier,
                key.setting,
                rate.effective_from or start,
                rate.effective_to,
                rate.amount,
            )


def _stubs(learned: Learned) -> Iterator[list[str]]:
    if learned.reduced_count:
        yield [
            f"{PERSON}: {learned.reduced_count} services were allowed exactly half or a quarter of their rate.",
            "Second and later procedures of a day are paid so. If that was agreed, say it:",
            'multiple_procedures: {percents: [100, 50], applies_to: {procedure: ["10004-69990"]}}',
        ]
    if learned.unexplained_stays:
        yield [f"{PERSON}: {learned.unexplained_stays} stays follow no case rate, per diem or percent of charges."]
    blank = [lesson for lesson in learned.lessons if not lesson.explained]
    if blank:
        codes = ", ".join(lesson.key.code for lesson in blank[:12])
        yield [f"{PERSON}: nothing explains what was allowed for {len(blank)} codes ({codes})."]


def _evidence(learned: Learned) -> Sheet:
    rows: list[list[object]] = []
    key: list[object]
    for lesson in learned.lessons:
        units = [o.allowed / o.units for o in lesson.observed]
        spread = [min(units).quantize(Decimal("0.01")), max(units).quantize(Decimal("0.01"))]
        first = min(o.first_date for o in lesson.observed)
        key = [lesson.key.kind, lesson.key.code, lesson.key.modifier, lesson.key.setting]
        figures: list[list[object]] = [
            ["rate", rate.amount, rate.effective_from, rate.effective_to] for rate in lesson.rates
        ] or [["percent_of_charge" if lesson.percent is not None else "none", lesson.percent, None, None]]
        rows += [[*key, *figure, lesson.total, lesson.explained, *spread, first, "inferred"] for figure in figures]
    for stay in learned.stays:
        key = ["drg", " ".join(stay.codes) or "all", "", ""]
        rows.append(
            [*key, stay.method, stay.figure, None, None, stay.total, stay.explained, None, None, None, "inferred"]
        )
    for modifier, (percent, explained) in learned.modifiers.items():
        key = ["modifier", "", modifier, ""]
        rows.append([*key, "modifiers", percent, None, None, explained, explained, None, None, None, "inferred"])
    return Sheet("evidence", EVIDENCE_COLUMNS, rows)
