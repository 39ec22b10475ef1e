"""The contract files' hand-worked examples: the arithmetic stands beside each in the file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ruamel.yaml import YAML

from owed.sample.book import Book
from owed.sample.calendar import Calendar
from owed.sample.contracts import contract_texts
from owed.sample.encounter import Encounter, Line
from owed.sample.money import cents

CALENDAR = Calendar(date(2025, 1, 1), date(2025, 12, 31))
BOOK = Book(CALENDAR)
EXAMPLES = [
    pytest.param(document["contract"], example, id=f"{document['contract']}: {example['name']}")
    for text in contract_texts(CALENDAR).values()
    for document in [YAML(typ="safe", pure=True).load(text)]
    for example in document["examples"]
]


def encounter_of(claim: dict[str, Any]) -> Encounter:
    day = CALENDAR.number(claim["service_from"])
    lines = tuple(
        Line(
            line.get("procedure", ""),
            tuple(line.get("modifiers", ())),
            line.get("revenue_code", ""),
            line["units"],
            cents(line["charge"]),
            day,
        )
        for line in claim["lines"]
    )
    bill_type = claim.get("bill_type", "")
    return Encounter(
        "institutional" if bill_type else "professional",
        "example",
        lines,
        claim.get("place_of_service", ""),
        bill_type,
        claim.get("drg", ""),
        ("I10",),
        "family",
        day,
        CALENDAR.number(claim.get("service_to", claim["service_from"])),
        sum(line.charge for line in lines),
    )


@pytest.mark.parametrize(("contract_id", "example"), EXAMPLES)
def test_example(contract_id: str, example: dict[str, Any]) -> None:
    contract = next(contract for contract in BOOK.contracts if contract.id == contract_id)
    price = BOOK.pricer.price(contract, encounter_of(example["claim"]))
    assert price.total == cents(example["expect"]["allowed"])
    if "lines" in example["expect"]:
        assert list(price.lines) == [cents(amount) for amount in example["expect"]["lines"]]
    else:
        assert price.whole_term


def test_every_contract_has_examples() -> None:
    named = {parameter.values[0] for parameter in EXAMPLES}
    assert named == {contract.id for contract in BOOK.contracts}
