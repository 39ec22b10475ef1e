"""The sample's contracts: the files in `contracts/`, dated by the calendar, and read back for its own pricer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from string import Template
from typing import Any

from ruamel.yaml import YAML

from owed.sample.calendar import Calendar
from owed.sample.money import cents, percent

Ranges = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Term:
    """One term; amounts in cents, percents in ten-thousandths of a percent."""

    id: str
    method: str
    claim_scope: bool = False
    carve_out: bool = False
    codes: Mapping[str, Ranges] = field(default_factory=dict)
    minimum_charge: int | None = None
    minimum_units: int | None = None
    percent: int = 1_000_000
    amount: int = 0
    base_rate: int = 0
    schedule: str = ""
    tiers: tuple[tuple[int | None, int], ...] = ()


@dataclass(frozen=True)
class Contract:
    """One contract version; days are the calendar's numbers."""

    id: str
    payer: str
    products: tuple[str, ...]
    claim_types: tuple[str, ...]
    first: int
    last: int
    date_basis: str
    timely_filing_days: int
    appeal_days: int
    prompt_pay_days: int
    interest: int
    tolerance_amount: int
    tolerance_percent: int
    lesser_of: str
    sequestration: int
    modifiers: Mapping[str, int]
    multiple_procedures: tuple[int, ...]
    multiple_ranges: Ranges
    stop_loss: tuple[str, int, int] | None
    default_percent: int | None
    terms: tuple[Term, ...]


def contract_texts(calendar: Calendar) -> dict[str, str]:
    """File name to text of every contract file, dates filled in."""
    folder = files("owed.sample") / "contracts"
    tokens = calendar.tokens()
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".contract.yaml"))
    return {name: Template((folder / name).read_text(encoding="utf-8")).substitute(tokens) for name in names}


def load_contracts(calendar: Calendar) -> list[Contract]:
    reader = YAML(typ="safe", pure=True)
    return [contract_of(reader.load(text), calendar) for text in contract_texts(calendar).values()]


def ranges_of(values: list[Any]) -> Ranges:
    pairs = []
    for value in map(str, values):
        low, _, high = value.partition("-")
        pairs.append((low, high or low))
    return tuple(pairs)


def contract_of(document: dict[str, Any], calendar: Calendar) -> Contract:
    def day(value: date | str) -> int:
        return calendar.number(value if isinstance(value, date) else date.fromisoformat(value))

    multiple = document.get("multiple_procedures") or {}
    stop_loss = document.get("stop_loss")
    default = document.get("default")
    return Contract(
        id=document["contract"],
        payer=document["payer"],
        products=tuple(document["products"]),
        claim_types=tuple(document["claim_types"]),
        first=day(document["effective"]["from"]),
        last=day(document["effective"]["to"]),
        date_basis=document["date_basis"],
        timely_filing_days=document["timely_filing_days"],
        appeal_days=document["appeal_days"],
        prompt_pay_days=document["prompt_pay"]["days"],
        interest=percent(document["prompt_pay"]["annual_interest_percent"]),
        tolerance_amount=cents(document["tolerance"]["amount"]),
        tolerance_percent=percent(document["tolerance"]["percent"]),
        lesser_of=document["lesser_of"],
        sequestration=percent(document["sequestration_percent"]),
        modifiers={str(name): percent(value) for name, value in (document.get("modifiers") or {}).items()},
        multiple_procedures=tuple(percent(value) for value in multiple.get("percents", ())),
        multiple_ranges=ranges_of(multiple.get("applies_to", {}).get("procedure", [])),
        stop_loss=(stop_loss["kind"], cents(stop_loss["threshold"]), percent(stop_loss["percent"]))
        if stop_loss
        else None,
        default_percent=percent(default["percent"]) if default else None,
        terms=tuple(term_of(term) for term in document["terms"]),
    )


def term_of(document: dict[str, Any]) -> Term:
    match = document["match"]
    return Term(
        id=document["id"],
        method=document["method"],
        claim_scope=document.get("scope") == "claim",
        carve_out=bool(document.get("carve_out")),
        codes={key: ranges_of(values) for key, values in match.items() if isinstance(values, list)},
        minimum_charge=cents(match["minimum_charge"]) if "minimum_charge" in match else None,
        minimum_units=match.get("minimum_units"),
        percent=percent(document.get("percent", 100)),
        amount=cents(document.get("amount", 0)),
        base_rate=cents(document.get("base_rate", 0)),
        schedule=document.get("schedule", ""),
        tiers=tuple((tier.get("through_day"), cents(tier["amount"])) for tier in document.get("tiers", ())),
    )
