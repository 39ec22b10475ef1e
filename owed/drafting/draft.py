"""A draft contract as data, and the files it becomes: proved by the loaders that will read them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from loaders import typed_columns
from loaders.contracts.load import read_contract
from loaders.csv_table import read_table
from loaders.rates import fee_schedule
from loaders.source import Refusal
from owed.drafting.yaml_text import contract_text, number
from owed.errors import OwedError, WrongUseError
from owed.reports.spreadsheet import Sheet, write_csv


@dataclass(frozen=True)
class Tier:
    """`through_day` None: all days after."""

    through_day: int | None
    amount: Decimal


@dataclass
class Term:
    """A term as INTERFACE 2.3 has it. `match`: codes by key. `comments` stand above it."""

    id: str
    method: str
    match: Mapping[str, Sequence[str]] = field(default_factory=dict)
    scope: str = "line"
    amount: Decimal | None = None
    percent: Decimal | None = None
    schedule: str | None = None
    tiers: Sequence[Tier] = ()
    comments: Sequence[str] = ()


@dataclass(frozen=True)
class ScheduleRow:
    """A row of the fee schedule file; blank modifier and setting are for all."""

    schedule_id: str
    procedure_code: str
    modifier: str
    setting: str
    effective_from: date
    effective_to: date | None
    amount: Decimal


@dataclass
class Draft:
    """One contract. `header` and `stubs` are comments: what it is, and what still needs a person."""

    contract_id: str
    name: str
    payer_id: str
    claim_types: Sequence[str]
    effective_from: date
    products: Sequence[str] = ()
    header: Sequence[str] = ()
    modifiers: Mapping[str, Decimal] = field(default_factory=dict)
    lesser_of: str | None = None
    terms: Sequence[Term] = ()
    stubs: Sequence[Sequence[str]] = ()
    schedule: Sequence[ScheduleRow] = ()
    review: Sheet | None = None


@dataclass(frozen=True)
class Written:
    """The files of one draft, and what they hold."""

    contract_id: str
    files: list[str]
    term_count: int
    rate_count: int
    stub_count: int

    def __str__(self) -> str:
        return (
            f"{self.contract_id}: {self.term_count} terms, {self.rate_count} rates, {self.stub_count} that need a "
            f"person; {', '.join(self.files)}"
        )


def slug(text: str) -> str:
    """A name as part of an id and of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "unnamed"


def write(drafts: Sequence[Draft], out: Path) -> list[Written]:
    """Writes contracts, fee schedules and review lists to a folder, and nothing over a file that is there.

    Raises `WrongUseError` for a file that would be overwritten, `OwedError` for a draft our own loaders refuse.
    """
    files = [(draft, _texts(draft)) for draft in drafts]
    for draft, texts in files:
        for name in (*texts, _review_name(draft)):
            if (out / name).exists():
                raise WrongUseError(f"{out / name} is there already: name another folder with --out.")
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for draft, texts in files:
        paths = [out / name for name in texts]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        if draft.review is not None:
            paths.append(out / _review_name(draft))
            write_csv(paths[-1], draft.review)
        names = [str(path) for path in paths]
        written.append(Written(draft.contract_id, names, len(draft.terms), len(draft.schedule), len(draft.stubs)))
    return written


def _texts(draft: Draft) -> dict[str, str]:
    """The files' texts by name, as the loaders have accepted them."""
    texts = {f"{draft.contract_id}.contract.yaml": contract_text(draft)}
    if draft.schedule:
        texts[f"{draft.contract_id}.fee-schedule.csv"] = schedule_text(draft.schedule)
    try:
        for name, text in texts.items():
            if name.endswith(".yaml"):
                read_contract(text.encode(), name)
            else:
                _check_schedule(text)
    except Refusal as refusal:
        raise OwedError(f"The draft {draft.contract_id} cannot be made: {refusal.reason}") from refusal
    return texts


def schedule_text(rows: Sequence[ScheduleRow]) -> str:
    """A fee schedule CSV (INTERFACE 2.4). Codes and ids hold no comma and no quotation mark."""
    lines = [",".join(fee_schedule.LAYOUT.columns)]
    for row in rows:
        named = {
            "schedule_id": row.schedule_id,
            "procedure_code": row.procedure_code,
            "modifier": row.modifier,
            "setting": row.setting,
            "effective_from": row.effective_from.isoformat(),
            "effective_to": row.effective_to.isoformat() if row.effective_to else "",
            "amount": number(row.amount),
        }
        lines.append(",".join(named[column] for column in fee_schedule.LAYOUT.columns))
    return "\n".join(lines) + "\n"


def _check_schedule(text: str) -> None:
    table = read_table(text.encode(), fee_schedule.LAYOUT)
    _, findings = typed_columns.type_rows(table.frame, fee_schedule.COLUMNS, fee_schedule.ROW_CHECKS)
    for finding in [*table.findings, *findings]:
        if finding.severity == "fail":
            raise Refusal(finding.rule, finding.message)


def _review_name(draft: Draft) -> str:
    return f"{draft.contract_id}.review.csv"
