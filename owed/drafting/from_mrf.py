"""Drafts contracts from a hospital's own price-transparency file, for a person to review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from owed.drafting.draft import Draft, slug
from owed.drafting.mrf_charges import Charge, PlanCharges, plan_charges
from owed.drafting.mrf_prices import REASONS, Price, Unresolved, is_modifier_alone, prices_of
from owed.drafting.mrf_terms import modifiers_of, schedule_of, terms_of
from owed.drafting.yaml_text import PERSON, number
from owed.errors import OwedError
from owed.reports.spreadsheet import Sheet

SHOWN_STUBS = 100
SHOWN_CODES = 12
# What differs in these is worth a comment of its own; the rest are counted together.
TOLD_APART = ("formula", "several_prices", "several_modifiers", "percent_of_what", "days")
REVIEW_COLUMNS = (
    *("line", "codes", "setting", "modifiers", "methodology", "negotiated_dollar", "negotiated_percentage"),
    *("gross_charge", "became", "reason", "negotiated_algorithm", "notes"),
)


def draft_contracts(path: Path, payer: str, plan: str | None, payer_id: str | None, today: date) -> list[Draft]:
    """One draft for the facility's charges and one for professional charges, if the file tells them apart.

    `payer` and `plan` as the file names them (case, blanks and underscores aside); `payer_id` is ours. Raises
    `WrongUseError` for a plan that is not in the file, `OwedError` where nothing can be priced.
    """
    found = plan_charges(path, payer, plan)
    professional = [charge for charge in found.charges if charge.billing_class == "professional"]
    facility = [charge for charge in found.charges if charge.billing_class != "professional"]
    drafts = [
        _draft(found, charges, claim_type, payer_id, path.name, today)
        for claim_type, charges in (("institutional", facility), ("professional", professional))
        if any(not is_modifier_alone(charge) for charge in charges)
    ]
    if not any(draft.terms for draft in drafts):
        reasons = "; ".join(dict.fromkeys(stub[0] for draft in drafts for stub in draft.stubs[:3]))
        raise OwedError(f"Nothing {path.name} says of this plan becomes a term. {reasons}")
    return [draft for draft in drafts if draft.terms]


def _draft(
    found: PlanCharges, charges: Sequence[Charge], claim_type: str, payer_id: str | None, file_name: str, today: date
) -> Draft:
    kind = "" if claim_type == "institutional" else f"-{claim_type}"
    contract_id = f"{slug(f'{found.payer_name} {found.plan_name}')}{kind}-mrf-draft"
    start = found.head.last_updated_on or today
    alone = [charge for charge in charges if is_modifier_alone(charge)]
    modifiers, unresolved = modifiers_of(alone)
    prices, more = prices_of([charge for charge in charges if not is_modifier_alone(charge)])
    terms, without_days = terms_of(prices, claim_type, contract_id)
    unresolved += more + without_days
    lost = {id(entry.charge) for entry in without_days}
    prices = [price for price in prices if id(price.charge) not in lost]
    return Draft(
        contract_id=contract_id,
        name=f"{found.payer_name} {found.plan_name}, {claim_type} (draft from the hospital's price-transparency file)",
        payer_id=payer_id or slug(found.payer_name).upper(),
        products=[found.plan_name] if found.plan_name else [],
        claim_types=[claim_type],
        effective_from=start,
        header=list(_header(found, file_name, payer_id is None)),
        modifiers=modifiers,
        terms=terms,
        stubs=[*_provisions(found), *_stubs(unresolved)],
        schedule=schedule_of(prices, contract_id, start),
        review=_review(charges, prices, unresolved),
    )


def _header(found: PlanCharges, file_name: str, is_payer_guessed: bool) -> Iterator[str]:
    head = found.head
    updated = f", updated {head.last_updated_on}" if head.last_updated_on else ""
    yield f"DRAFT for review, made from {file_name}: {head.hospital_name or 'a hospital'}{updated}."
    yield "Before it prices a claim, compare it with the signed contract. The file does not say:"
    yield "- from when to when it is agreed (`effective` is the file's date)"
    yield "- whether an amount is capped at the charge (`lesser_of`), deadlines, tolerance, which providers are bound"
    yield f"- whether claims name the plan '{found.plan_name}' as their product (`products`)"
    if is_payer_guessed:
        yield "- your payer's id: `payer` is made from the payer's name, and must be an id of payers.csv"
    yield f"Whatever became no term stands below as a comment that says {PERSON}, and in the review list."
    if found.finding_count:
        yield f"{found.finding_count} findings on the file itself: `owed check` lists them."


def _provisions(found: PlanCharges) -> Iterator[list[str]]:
    for payer, text in found.head.provisions:
        if payer is None or slug(payer) == slug(found.payer_name):
            yield [f"{PERSON}: general provisions of the file (stop-loss, lesser-of and the like)", text]


def _stubs(unresolved: Sequence[Unresolved]) -> Iterator[list[str]]:
    """One comment a reason and text, with the codes it is for and the start of the term a person would write."""
    groups: dict[tuple[str, ...], list[Charge]] = {}
    for entry in unresolved:
        charge = entry.charge
        texts = (charge.algorithm, charge.methodology, charge.setting, charge.notes)
        key = (entry.reason, *(texts if entry.reason in TOLD_APART else ()))
        groups.setdefault(key, []).append(charge)
    for shown, (key, charges) in enumerate(groups.items()):
        if shown == SHOWN_STUBS:
            yield [f"{PERSON}: {len(groups) - SHOWN_STUBS} more of these are in the review list alone."]
            return
        yield list(_stub(key[0], charges))


def _stub(reason: str, charges: Sequence[Charge]) -> Iterator[str]:
    first = charges[0]
    names = list(dict.fromkeys(_codes(charge) for charge in charges))
    more = f" and {len(names) - SHOWN_CODES} more" if len(names) > SHOWN_CODES else ""
    yield f"{PERSON}: {REASONS[reason]} ({', '.join(names[:SHOWN_CODES])}{more})"
    if reason not in TOLD_APART:
        return
    figures = [f"{number(charge.amount)} dollars" for charge in charges if charge.amount is not None]
    figures += [f"{number(charge.percent)} percent" for charge in charges if charge.percent is not None]
    shown = [first.setting, first.methodology, *dict.fromkeys(figures), first.observed]
    yield from filter(None, (first.algorithm, first.notes and f"The file's note: {first.notes}"))
    yield ", ".join(filter(None, shown))
    codes = ", ".join(f'"{code.code}"' for charge in charges[:SHOWN_CODES] for code in charge.codes[-1:])
    if codes:
        yield f"- {{id: {slug(reason)}-…, match: {{…: [{codes}{', …' if more else ''}]}}, method: …}}"


def _codes(charge: Charge) -> str:
    codes = " + ".join(f"{code.type} {code.code}" for code in charge.codes)
    modifiers = f"modifier {'|'.join(charge.modifiers)}" if charge.modifiers else ""
    return " ".join(filter(None, (codes, modifiers))) or "no code"


def _review(charges: Sequence[Charge], prices: Sequence[Price], unresolved: Sequence[Unresolved]) -> Sheet:
    """Every charge of the plan with what became of it."""
    methods: dict[int, str] = {id(price.charge): price.method for price in prices}
    reasons = {id(entry.charge): REASONS[entry.reason] for entry in unresolved}
    rows = []
    for charge in charges:
        became = "" if id(charge) in reasons else methods.get(id(charge), "modifiers")
        rows.append(
            [
                charge.line_number,
                _codes(charge),
                charge.setting,
                "|".join(charge.modifiers),
                charge.methodology,
                *(None if figure is None else Decimal(number(figure)) for figure in (charge.amount, charge.percent)),
                None if charge.gross is None else Decimal(number(charge.gross)),
                became,
                reasons.get(id(charge), ""),
                charge.algorithm,
                charge.notes,
            ]
        )
    return Sheet("review", REVIEW_COLUMNS, rows)
