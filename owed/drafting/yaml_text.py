"""A draft as the text of a contract file, with the comments that a reviewer needs where they are needed."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from owed.drafting.draft import Draft, Term

WIDTH = 110
PERSON = "NEEDS A PERSON"


def contract_text(draft: Draft) -> str:
    """The whole file. Everything a file or a remittance said goes through `comment` or `quoted`."""
    lines = [line for text in draft.header for line in comment(text)]
    lines += [
        f"contract: {quoted(draft.contract_id)}",
        f"name: {quoted(draft.name)}",
        f"payer: {quoted(draft.payer_id)}",
        *([f"products: {_list(draft.products)}"] if draft.products else []),
        f"claim_types: [{', '.join(draft.claim_types)}]",
        f"effective: {{from: {draft.effective_from.isoformat()}}}",
        *([f"lesser_of: {draft.lesser_of}"] if draft.lesser_of else []),
    ]
    if draft.modifiers:
        pairs = ", ".join(f"{quoted(code)}: {number(percent)}" for code, percent in sorted(draft.modifiers.items()))
        lines.append(f"modifiers: {{{pairs}}}")
    if draft.terms:
        lines.append("terms:")
        lines += [line for term in draft.terms for line in _term(term)]
    for stub in draft.stubs:
        lines.append("")
        lines += [line for text in stub for line in comment(text)]
    return "\n".join(lines) + "\n"


def _term(term: Term) -> Iterator[str]:
    for text in term.comments:
        yield from comment(text, indent="  ")
    yield f"  - id: {quoted(term.id)}"
    if term.scope != "line":
        yield f"    scope: {term.scope}"
    if term.match:
        yield from _match(term.match)
    yield f"    method: {term.method}"
    if term.schedule is not None:
        yield f"    schedule: {quoted(term.schedule)}"
    if term.percent is not None:
        yield f"    percent: {number(term.percent)}"
    if term.amount is not None:
        yield f"    amount: {number(term.amount)}"
    if term.tiers:
        tiers = (
            (f"through_day: {tier.through_day}, " if tier.through_day is not None else "")
            + f"amount: {number(tier.amount)}"
            for tier in term.tiers
        )
        yield f"    tiers: [{', '.join(f'{{{tier}}}' for tier in tiers)}]"


def _match(match: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield "    match:"
    for key, codes in match.items():
        lines = textwrap.wrap(_list(codes), WIDTH, break_long_words=False, break_on_hyphens=False)
        yield f"      {key}: {lines[0]}"
        yield from (f"        {line}" for line in lines[1:])


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, values))}]"


def quoted(text: str) -> str:
    """Text as YAML reads it back, whatever it holds: a JSON string is one."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def number(value: Decimal) -> str:
    """A plain number: no exponent, no zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def comment(text: str, indent: str = "") -> Iterator[str]:
    """Comment lines. Whatever would end a line or is no printable character cannot leave the comment."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    for line in textwrap.wrap(clean, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]:
        yield f"{indent}# {line}".rstrip()
