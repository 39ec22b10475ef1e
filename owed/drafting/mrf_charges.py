"""One payer's plan of a hospital's price-transparency file, as plain records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from loaders.inbox import Unreadable, scan
from loaders.rates.price_transparency.head import FileHead
from loaders.rates.price_transparency.load import recognise
from loaders.rates.price_transparency.reader import PriceFile
from loaders.source import Refusal
from owed.drafting.yaml_text import number as number_text
from owed.errors import OwedError, WrongUseError

LISTED_PLANS = 30
HEAD_BYTES = 64 << 10


@dataclass(frozen=True)
class Code:
    type: str
    code: str


@dataclass(frozen=True)
class Charge:
    """A charge of the plan. Dollars for one of the item; `percent` of what the methodology says; '' is unknown."""

    line_number: int
    charge_number: int
    codes: tuple[Code, ...]
    setting: str
    billing_class: str
    modifiers: tuple[str, ...]
    drug_unit: str
    methodology: str
    amount: Decimal | None
    percent: Decimal | None
    algorithm: str
    gross: Decimal | None
    first_day: int | None
    last_day: int | None
    observed: str
    notes: str


@dataclass(frozen=True)
class PlanCharges:
    """`payer_name` and `plan_name` as the file spells them; `finding_count`: what could not be read in the file."""

    head: FileHead
    payer_name: str
    plan_name: str
    charges: list[Charge]
    finding_count: int


def plan_charges(path: Path, payer: str, plan: str | None) -> PlanCharges:
    """Reads the file once. Raises `WrongUseError`, naming what there is, for a payer or plan that is not in it."""
    charges: list[pl.DataFrame] = []
    codes: list[pl.DataFrame] = []
    plans: dict[tuple[str, str], int] = {}
    with _opened(path) as stream:
        try:
            file = PriceFile(stream)
            for batch in file.batches():
                named = batch.charges.filter(pl.col("payer_name").is_not_null()).with_columns(
                    pl.col("plan_name").fill_null("")
                )
                for payer_name, plan_name, count in named.group_by("payer_name", "plan_name").len().iter_rows():
                    plans[payer_name, plan_name] = plans.get((payer_name, plan_name), 0) + count
                wanted = named.filter(
                    (_plain_column("payer_name") == _plain(payer))
                    & ((_plain_column("plan_name") == _plain(plan)) if plan is not None else True)
                )
                charges.append(wanted)
                codes.append(batch.codes.join(wanted, on="line_number", how="semi"))
        except Refusal as refusal:
            raise OwedError(f"{path.name} cannot be read: {refusal.reason}") from refusal
    found = [
        names
        for names in plans
        if _plain(names[0]) == _plain(payer) and (plan is None or _plain(names[1]) == _plain(plan))
    ]
    _require_one(path, found, plans, plan)
    return PlanCharges(file.head, *found[0], _records(pl.concat(charges), pl.concat(codes)), len(file.log.findings()))


def _require_one(path: Path, found: list[tuple[str, str]], plans: dict[tuple[str, str], int], plan: str | None) -> None:
    if found and (plan is not None or len({_plain(name) for _, name in found}) == 1):
        return
    asked = "names several plans of this payer: choose one with --plan" if found else "has no such payer and plan"
    listed = sorted(found or plans, key=lambda names: -plans[names])
    shown = "; ".join(
        f"{payer_name} / {plan_name} ({plans[payer_name, plan_name]})"
        for payer_name, plan_name in listed[:LISTED_PLANS]
    )
    more = f" and {len(listed) - LISTED_PLANS} more" if len(listed) > LISTED_PLANS else ""
    raise WrongUseError(f"{path.name} {asked}. Payer / plan (charges): {shown}{more}.")


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The price-transparency file, alone, packed by gzip, or the one in a zip."""
    if not path.is_file():
        raise WrongUseError(f"There is no file {path}.")
    for file in scan([path]):
        if isinstance(file, Unreadable):
            raise OwedError(f"{path.name} cannot be read: {file.refusal.reason}")
        with file.open() as stream:
            head = stream.read(HEAD_BYTES)
        if recognise(head):
            with file.open() as stream:
                yield stream
            return
    raise OwedError(f"{path.name} is no hospital price-transparency file in CMS's layout.")


def _plain(name: str | None) -> str:
    """A name without what files differ in: case, blanks, underscores for blanks."""
    return re.sub(r"[\s_]+", " ", name or "").strip().lower()


def _plain_column(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all(r"[\s_]+", " ").str.strip_chars().str.to_lowercase()


def _records(charges: pl.DataFrame, codes: pl.DataFrame) -> list[Charge]:
    by_line: dict[int, list[Code]] = {}
    for line, kind, code in codes.select("line_number", "code_type", "code").iter_rows():
        by_line.setdefault(line, []).append(Code(kind or "", code))
    return [_record(row, tuple(by_line.get(row["line_number"], ()))) for row in charges.iter_rows(named=True)]


def _record(row: dict[str, object], codes: tuple[Code, ...]) -> Charge:
    def text(name: str) -> str:
        return str(row[name] or "")

    def number(name: str) -> Decimal | None:
        return cast("Decimal | None", row[name])

    unit = f"{_shown(row['drug_unit'] or '')} {text('drug_unit_type')}".strip()
    observed = {
        "median": row["median_amount"],
        "10th percentile": row["percentile_10_amount"],
        "90th percentile": row["percentile_90_amount"],
        "count": row["remittance_count"],
        "estimate": row["estimated_amount"],
    }
    return Charge(
        line_number=cast(int, row["line_number"]),
        charge_number=cast(int, row["charge_number"]),
        codes=codes,
        setting=text("setting"),
        billing_class=text("billing_class"),
        modifiers=tuple(text("modifiers").split("|")) if row["modifiers"] else (),
        drug_unit=unit,
        methodology=text("methodology"),
        amount=number("negotiated_amount"),
        percent=number("negotiated_percent"),
        algorithm=text("negotiated_algorithm"),
        gross=number("gross_charge_amount"),
        first_day=cast("int | None", row["first_day"]),
        last_day=cast("int | None", row["last_day"]),
        observed=", ".join(f"{name} {_shown(value)}" for name, value in observed.items() if value is not None),
        notes=" ".join(dict.fromkeys(note for note in (text("payer_notes"), text("generic_notes")) if note)),
    )


def _shown(value: object) -> str:
    return number_text(value) if isinstance(value, Decimal) else str(value)
