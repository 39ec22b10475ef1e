"""Text columns to exact types, row by row: what cannot be read makes a finding of its row, not of its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from loaders.source import Finding

MONEY_PLACES = 2
RATE_PLACES = 6


@dataclass(frozen=True)
class Check:
    """A row is bad where `is_bad` holds (null: it does not). `reason` may name the text read as `{value}`."""

    rule: str
    column: str
    is_bad: pl.Expr
    reason: str


@dataclass(frozen=True)
class TypedColumn:
    name: str
    value: pl.Expr
    checks: tuple[Check, ...]


def _blank(name: str) -> pl.Expr:
    return pl.col(name) == ""


def _missing(name: str) -> Check:
    return Check("value_missing", name, _blank(name), f"`{name}` is blank; every row needs one")


def _present(name: str) -> pl.Expr:
    return pl.when(_blank(name)).then(None).otherwise(pl.col(name))


def text(name: str, *, required: bool = False, upper: bool = False, blank: str | None = None) -> TypedColumn:
    """Text as it stands (or upper case); blank becomes null, or `blank`."""
    value = _present(name)
    if upper:
        value = value.str.to_uppercase()
    return TypedColumn(
        name, value.fill_null(blank) if blank is not None else value, (_missing(name),) if required else ()
    )


def choice(name: str, allowed: Sequence[str], *, blank: str | None = None) -> TypedColumn:
    """One of a closed list, held in lower case. `blank`: what a blank means; without it a value is due."""
    value = _present(name).str.to_lowercase()
    unknown = Check(
        "value_not_allowed",
        name,
        ~_blank(name) & ~value.is_in(list(allowed)),
        f"`{name}` is '{{value}}'; allowed are {', '.join(allowed)}" + (" or blank" if blank is not None else ""),
    )
    if blank is None:
        return TypedColumn(name, value, (_missing(name), unknown))
    return TypedColumn(name, value.fill_null(blank), (unknown,))


def date(name: str, *, required: bool = False) -> TypedColumn:
    """A calendar date, YYYY-MM-DD and nothing else: 03/04/2025 is two days, depending on who reads it."""
    is_iso = pl.col(name).str.contains(r"^\d{4}-\d{2}-\d{2}$")
    value = pl.when(is_iso).then(pl.col(name)).otherwise(None).str.to_date("%Y-%m-%d", strict=False)
    bad = Check(
        "date_unreadable",
        name,
        ~_blank(name) & value.is_null(),
        f"`{name}` is '{{value}}'; a date is written YYYY-MM-DD, as 2025-03-04",
    )
    return TypedColumn(name, value, (_missing(name), bad) if required else (bad,))


def decimal(name: str, places: int, *, required: bool = False, blank: str | None = None) -> TypedColumn:
    """An exact number with at most `places` decimals: no currency sign, no thousands comma, no exponent."""
    pattern = rf"^[+-]?(\d{{1,{18 - places}}}(\.\d{{0,{places}}})?|\.\d{{1,{places}}})$"
    is_number = pl.col(name).str.contains(pattern)
    plain = pl.col(name).str.strip_prefix("+").str.strip_suffix(".")
    kind = pl.Decimal(18, places)
    value = pl.when(is_number).then(plain).otherwise(pl.lit(blank) if blank else None).cast(kind, strict=False)
    bad = Check(
        "number_unreadable",
        name,
        ~_blank(name) & ~is_number,
        f"`{name}` is '{{value}}'; a number is written with a point and at most {places} decimals, as 1234.50 or -20, "
        "without a currency sign or thousands comma",
    )
    return TypedColumn(name, value, (_missing(name), bad) if required else (bad,))


def type_rows(
    frame: pl.DataFrame,
    columns: Sequence[TypedColumn],
    row_checks: Sequence[Check] = (),
    *,
    may_name_patients: bool = False,
) -> tuple[pl.DataFrame, list[Finding]]:
    """Good rows typed (`line_number`, `raw_text` and the columns), and a `fail` finding for each other row.

    `row_checks` are over typed columns; they are asked only of rows whose columns could all be read. Where a file
    `may_name_patients`, a value that could not be read is told by its form alone: it may stand in the wrong column.
    """
    good, findings = _sift(frame, [check for column in columns for check in column.checks], may_name_patients)
    typed = good.select("line_number", "raw_text", *(column.value.alias(column.name) for column in columns))
    good, more = _sift(typed, row_checks)
    return good, findings + more


def _sift(frame: pl.DataFrame, checks: Sequence[Check], is_masked: bool = False) -> tuple[pl.DataFrame, list[Finding]]:
    if not checks:
        return frame, []
    flags = frame.select(check.is_bad.fill_null(False).alias(str(at)) for at, check in enumerate(checks))
    is_bad = flags.select(pl.any_horizontal(pl.all())).to_series()
    show = _form if is_masked else _short
    findings = []
    for row, flag in zip(frame.filter(is_bad).iter_rows(named=True), flags.filter(is_bad).iter_rows(), strict=True):
        broken = [check for check, is_broken in zip(checks, flag, strict=True) if is_broken]
        reasons = "; ".join(check.reason.format(value=show(row[check.column])) for check in broken)
        if is_masked and any("{value}" in check.reason for check in broken):
            reasons += " (letters and digits masked)"
        findings.append(
            Finding(
                broken[0].rule,
                "fail",
                f"Line {row['line_number']}: {reasons}.",
                position=row["line_number"],
                raw_text=row["raw_text"],
            )
        )
    return frame.filter(~is_bad), findings


def _short(value: object) -> str:
    shown = str(value)
    return shown if len(shown) <= 40 else shown[:39] + "…"


def _form(value: object) -> str:
    """`03/04/2025` as `00/00/0000`, `Smith 7` as `Aaaaa 0`."""
    forms = ((str.isdigit, "0"), (str.isupper, "A"), (str.isalpha, "a"))
    return "".join(next((form for is_so, form in forms if is_so(each)), each) for each in _short(value))
