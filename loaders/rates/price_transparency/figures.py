"""Batches of text to exact figures and known words; what cannot be read is a finding of its row."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from loaders.rates.price_transparency.findings import FindingLog
from loaders.source import Severity

RATE = pl.Decimal(18, 6)
SETTINGS = ("inpatient", "outpatient", "both")
METHODOLOGIES = ("case rate", "fee schedule", "percent of total billed charges", "per diem", "other")
BILLING_CLASSES = ("professional", "facility", "both")
DRUG_UNIT_TYPES = ("GR", "ME", "ML", "UN", "F2", "EA", "GM")
CODE_TYPES = (
    *("CPT", "NDC", "HCPCS", "RC", "ICD", "DRG", "MS-DRG", "R-DRG", "S-DRG", "APS-DRG", "AP-DRG", "APR-DRG", "APC"),
    *("LOCAL", "EAPG", "HIPPS", "CDT", "CDM", "TRIS-DRG", "CMG", "MS-LTC-DRG"),
)
# Without these the charge says nothing; without the others it is still a charge.
PRICES = ("negotiated_amount", "negotiated_percent")
ITEM_AMOUNTS = ("drug_unit", "gross_charge_amount", "discounted_cash_amount", "minimum_amount", "maximum_amount")
OBSERVED = ("estimated_amount", "median_amount", "percentile_10_amount", "percentile_90_amount")
_NO_VALUE = ("n/a", "na", "#n/a", "null", "none", "nan", "nil", "-", "--", ".", "not applicable", "not available")
# What CMS let hospitals write for an estimate without enough history.
_NO_HISTORY = "999999999"
_NUMBER = r"^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_DAYS = r"(?i)\bdays?\s+(\d{1,3})\s*(?:-|–|—|to|thru|through)\s*(?:day\s+)?(\d{1,3})\b"
_DAYS_ON = r"(?i)\bdays?\s+(\d{1,3})\s*(?:\+|and (?:over|above|beyond|after|on)|or more|onwards?)"
_COUNT = r"^(0|1 through 10|1[1-9]|[2-9]\d|[1-9]\d{2,})$"


@dataclass(frozen=True)
class _Doubt:
    """A rule, the column whose text is shown, where it is broken (null: it is not), and what is said of it."""

    rule: str
    column: str
    holds: pl.Expr
    reason: str


def typed_charges(text: pl.DataFrame, log: FindingLog) -> pl.DataFrame:
    """Charges with the columns of `raw.price_transparency_charges` but `file_number`.

    A charge whose price cannot be read, or that has a price and no payer, is left out with a `fail` finding; any
    other figure or word that cannot be read is null with a `warn` finding.
    """
    amounts = {name: _amount(name) for name in (*PRICES, *ITEM_AMOUNTS, *OBSERVED)}
    words = {
        "setting": _choice("setting", SETTINGS),
        "methodology": _methodology(),
        "billing_class": _choice("billing_class", BILLING_CLASSES),
        "drug_unit_type": _choice("drug_unit_type", DRUG_UNIT_TYPES),
        "remittance_count": _count(),
    }
    # Most columns of a wide file are blank: nothing is read of them.
    filled = {name for name in (*amounts, *words) if (text[name] != "").any()}
    frame = text.with_columns(
        (_said(name) if name in filled else pl.lit("")).alias(f"said_{name}") for name in (*amounts, *words)
    ).with_columns(
        (value if name in filled else pl.lit(None, dtype=RATE if name in amounts else pl.String)).alias(name)
        for name, value in (amounts | words).items()
    )
    for name in filter(filled.__contains__, (*ITEM_AMOUNTS, *OBSERVED)):
        _tell(frame, log, _Doubt("figure_unreadable", name, _unread(name), f"{_NO_NUMBER}, so that it is unknown"))
    for name in filter(filled.__contains__, ("setting", "methodology", "billing_class", "drug_unit_type")):
        _tell(frame, log, _Doubt("value_not_allowed", name, _unread(name), "this is none of CMS's words, so unknown"))
    for doubt in _DOUBTS:
        _tell(frame, log, doubt)
    for fault in _FAULTS:
        _tell(frame, log, fault, "fail")
        frame = frame.filter(~fault.holds.fill_null(False))
    return (
        _with_days(frame)
        .with_columns(
            _modifiers(),
            *(
                _blank_to_null(name)
                for name in ("payer_name", "plan_name", "negotiated_algorithm", "payer_notes", "generic_notes")
            ),
        )
        .drop("description", pl.selectors.starts_with("said_"))
    )


def _with_days(frame: pl.DataFrame) -> pl.DataFrame:
    """The days of a stay that a per diem is for, which CMS's layout leaves to words."""
    is_per_diem = pl.col("methodology") == "per diem"
    if frame.filter(is_per_diem).is_empty():
        return frame.with_columns(pl.lit(None, dtype=pl.Int32).alias(name) for name in ("first_day", "last_day"))
    words = pl.concat_str("description", "payer_notes", "generic_notes", separator=" ; ")
    bounded = words.str.extract(_DAYS, 1)
    return frame.with_columns(
        first_day=pl.when(is_per_diem).then(pl.coalesce(bounded, words.str.extract(_DAYS_ON, 1))).cast(pl.Int32),
        last_day=pl.when(is_per_diem & bounded.is_not_null()).then(words.str.extract(_DAYS, 2)).cast(pl.Int32),
    )


def typed_codes(text: pl.DataFrame, log: FindingLog) -> pl.DataFrame:
    """Codes with the columns of `raw.price_transparency_codes` but `file_number`, spelled as claims spell them."""
    frame = text.with_columns(
        said_code_type=pl.col("code_type"),
        code=pl.col("code").str.to_uppercase().str.replace_all(r"\s", ""),
        code_type=pl.col("code_type").str.to_uppercase().str.replace_all(r"[\s_]+", "-"),
    )
    is_unknown = ~pl.col("code_type").is_in(CODE_TYPES)
    _tell(frame, log, _Doubt("code_type_unknown", "code_type", is_unknown, "this is none of CMS's code types"))
    is_drg = pl.col("code_type").str.ends_with("DRG")
    return frame.with_columns(
        code_type=_blank_to_null("code_type"),
        # Spreadsheets strip leading zeros, and make 470 a 470.0.
        code=pl.when((pl.col("code_type") == "RC") & pl.col("code").str.contains(r"^\d{1,4}(\.0)?$"))
        .then(pl.col("code").str.strip_suffix(".0").str.zfill(4))
        .when(is_drg & pl.col("code").str.contains(r"^\d{1,3}(\.0)?$"))
        .then(pl.col("code").str.strip_suffix(".0").str.zfill(3))
        .when(pl.col("code_type").is_in(["CPT", "HCPCS", "CDT"]))
        .then(pl.col("code").str.strip_suffix(".0"))
        .otherwise(pl.col("code")),
    ).drop("said_code_type")


def _said(name: str) -> pl.Expr:
    """What is written in a column, once signs and words for nothing are away."""
    text = pl.col(name).str.strip_chars()
    if name in (*PRICES, *ITEM_AMOUNTS, *OBSERVED):
        text = text.str.replace_all(r"[$,\s]", "").str.strip_suffix("%")
    is_nothing = text.str.to_lowercase().is_in(_NO_VALUE)
    if name in OBSERVED:
        is_nothing |= text.str.contains(rf"^{_NO_HISTORY}(\.0*)?$")
    return pl.when(is_nothing).then(pl.lit("")).otherwise(text)


def _amount(name: str) -> pl.Expr:
    said = pl.col(f"said_{name}")
    number = pl.when(said.str.contains(_NUMBER)).then(said.str.strip_suffix(".")).cast(RATE, strict=False)
    return pl.when(number > 0).then(number)


def _choice(name: str, allowed: tuple[str, ...]) -> pl.Expr:
    said = pl.col(f"said_{name}")
    word = said.str.to_uppercase() if allowed[0].isupper() else said.str.to_lowercase()
    return pl.when(word.is_in(allowed)).then(word)


def _count() -> pl.Expr:
    said = pl.col("said_remittance_count").str.to_lowercase()
    return pl.when(said.str.contains(_COUNT)).then(said)


def _methodology() -> pl.Expr:
    word = pl.col("said_methodology").str.to_lowercase().str.replace_all(r"[\s_-]+", " ")
    word = word.str.replace(r"^percent(age)? of (total )?(billed )?charges?$", METHODOLOGIES[2])
    return pl.when(word.is_in(METHODOLOGIES)).then(word)


def _modifiers() -> pl.Expr:
    """Two-character modifiers between bars; null without."""
    joined = (
        pl.col("modifiers")
        .str.to_uppercase()
        .str.extract_all(r"[A-Z0-9]+")
        .list.eval(pl.element().str.zfill(2))
        .list.join("|")
    )
    return pl.when(joined != "").then(joined).alias("modifiers")


def _blank_to_null(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != "").then(pl.col(name))


def _unread(name: str) -> pl.Expr:
    return (pl.col(f"said_{name}") != "") & pl.col(name).is_null()


def _tell(frame: pl.DataFrame, log: FindingLog, doubt: _Doubt, severity: Severity = "warn") -> None:
    bad = frame.filter(doubt.holds.fill_null(False))
    told = bad.head(log.room(doubt.rule))
    for row in told.iter_rows(named=True):
        payer = f" ({row['payer_name']}, {row['plan_name']})" if row.get("payer_name") else ""
        said = str(row.get(f"said_{doubt.column}") or row[doubt.column] or "")[:40]
        shown = f"`{doubt.column}` is '{said}'" if said else f"`{doubt.column}` is blank"
        message = f"Line {row['line_number']}{payer}: {shown}; {doubt.reason}."
        log.add(doubt.rule, severity, message, row["line_number"], _raw_text(row))
    if bad.height > told.height:
        log.add_more(doubt.rule, severity, bad.height - told.height, bad["line_number"][-1])


def _raw_text(row: dict[str, object]) -> str:
    """A row for the quarantine, without its descriptor."""
    return "; ".join(
        f"{key}={value}"
        for key, value in row.items()
        if value is not None and value != "" and key != "description" and not key.startswith("said_")
    )


_NO_NUMBER = "this is no number above zero"
_HAS_PRICE = pl.any_horizontal(
    pl.col("negotiated_amount").is_not_null(),
    pl.col("negotiated_percent").is_not_null(),
    pl.col("negotiated_algorithm") != "",
)
_DOUBTS = (
    _Doubt(
        "count_unreadable",
        "remittance_count",
        _unread("remittance_count"),
        "a count is 0, '1 through 10' or a whole number from 11, so that it is unknown",
    ),
    _Doubt(
        "percent_like_fraction",
        "negotiated_percent",
        pl.col("negotiated_percent") <= 1,
        "it is taken as that many percent, not as a fraction",
    ),
)
_FAULTS = (
    _Doubt("number_unreadable", "negotiated_amount", _unread("negotiated_amount"), _NO_NUMBER),
    _Doubt("number_unreadable", "negotiated_percent", _unread("negotiated_percent"), _NO_NUMBER),
    _Doubt("payer_missing", "payer_name", _HAS_PRICE & (pl.col("payer_name") == ""), "there is a price and no payer"),
)
