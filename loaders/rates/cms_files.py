"""CMS rate files as CMS publishes them: what tells each apart, where its columns stand, and how they are typed.

Layouts are data here. Titles and footnotes surround the rows; a row is data when its key column is filled. Descriptor
columns are never read: they are copyrighted (CPT), and no figure needs them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from loaders import typed_columns
from loaders.typed_columns import MONEY_PLACES, RATE_PLACES, TypedColumn

KIND = "cms_rates"


@dataclass(frozen=True)
class CmsFile:
    """One published layout. `title` is sought in the head of the file.

    `columns` gives each column's header cell (a pattern) or its place from 0. `header` is the whole header row for
    layouts whose names repeat, so that a moved column refuses the file instead of misreading it. `keys` make a row
    unique; the first of `columns` is filled in every data row. `year`: where the year stands in the content.
    """

    table: str
    name: str
    title: re.Pattern[str]
    columns: dict[str, str | int]
    typed: tuple[TypedColumn, ...]
    keys: tuple[str, ...]
    year: re.Pattern[str] | None = None
    is_year_required: bool = True
    header: tuple[str, ...] = ()
    optional: frozenset[str] = field(default_factory=frozenset)


def _rate(name: str, *, required: bool = True) -> TypedColumn:
    return typed_columns.decimal(name, RATE_PLACES, required=required)


def _flag(name: str, mark: str) -> TypedColumn:
    return TypedColumn(name, pl.col(name).str.to_uppercase() == mark, ())


def _locality() -> TypedColumn:
    """`carrier-locality` as contracts name it; the two cells are joined before typing."""
    pattern = r"^\d{1,5}-\d{1,2}$"
    parts = pl.col("locality").str.split("-").list
    value = pl.concat_str(
        parts.get(0, null_on_oob=True).str.zfill(5), pl.lit("-"), parts.get(1, null_on_oob=True).str.zfill(2)
    )
    bad = typed_columns.Check(
        "locality_unreadable",
        "locality",
        ~pl.col("locality").str.contains(pattern),
        "carrier and locality are '{value}'; both are numbers",
    )
    return TypedColumn("locality", value, (bad,))


_CODE = typed_columns.text("procedure_code", required=True, upper=True)
_MODIFIER = typed_columns.text("modifier", upper=True, blank="")
_OPPS_AMOUNTS = (
    _rate("relative_weight", required=False),
    _rate("payment_rate", required=False),
    _rate("national_copayment_amount", required=False),
    _rate("minimum_copayment_amount", required=False),
    _rate("adjusted_copayment_amount", required=False),
)
_OPPS_COLUMNS: dict[str, str | int] = {
    "relative_weight": r"relative weight",
    "payment_rate": r"payment rate",
    "national_copayment_amount": r"national unadjusted copayment",
    "minimum_copayment_amount": r"minimum unadjusted copayment",
    "adjusted_copayment_amount": r"adjusted beneficiary copayment",
}
_OPPS_YEAR = re.compile(r"\bCY\s*(20\d\d)\b|\b(?:January|April|July|October)\s+(20\d\d)\b", re.IGNORECASE)

PPRRVU = CmsFile(
    table="cms_pprrvu",
    name="physician fee schedule relative values (PPRRVU)",
    title=re.compile(r"National Physician Fee Schedule Relative Value File", re.IGNORECASE),
    year=re.compile(r"(20\d\d)\s+National Physician Fee Schedule", re.IGNORECASE),
    header=(
        *("HCPCS", "MOD", "DESCRIPTION", "CODE", "PAYMENT", "RVU", "PE RVU", "INDICATOR", "PE RVU", "INDICATOR", "RVU"),
        *("TOTAL", "TOTAL", "IND", "DAYS", "OP", "OP", "OP", "PROC", "SURG", "SURG", "SURG", "SURG", "BASE", "FACTOR"),
        *("PROCEDURES", "FLAG", "INDICATOR", "AMOUNT", "AMOUNT", "AMOUNT"),
    ),
    columns={
        "procedure_code": 0,
        "modifier": 1,
        "status_code": 3,
        "work_rvu": 5,
        "non_facility_pe_rvu": 6,
        "is_non_facility_na": 7,
        "facility_pe_rvu": 8,
        "is_facility_na": 9,
        "malpractice_rvu": 10,
        "pctc_indicator": 13,
        "global_days": 14,
        "preoperative_percent": 15,
        "intraoperative_percent": 16,
        "postoperative_percent": 17,
        "multiple_procedure_indicator": 18,
        "bilateral_indicator": 19,
        "assistant_indicator": 20,
        "cosurgeon_indicator": 21,
        "team_indicator": 22,
        "endoscopic_base_code": 23,
        "conversion_factor": 24,
        "imaging_family_indicator": 27,
        "opps_non_facility_pe_rvu": 28,
        "opps_facility_pe_rvu": 29,
        "opps_malpractice_rvu": 30,
    },
    typed=(
        _CODE,
        _MODIFIER,
        typed_columns.text("status_code", required=True, upper=True),
        _rate("work_rvu"),
        _rate("non_facility_pe_rvu"),
        _flag("is_non_facility_na", "NA"),
        _rate("facility_pe_rvu"),
        _flag("is_facility_na", "NA"),
        _rate("malpractice_rvu"),
        typed_columns.text("pctc_indicator"),
        typed_columns.text("global_days", upper=True),
        _rate("preoperative_percent"),
        _rate("intraoperative_percent"),
        _rate("postoperative_percent"),
        typed_columns.text("multiple_procedure_indicator"),
        typed_columns.text("bilateral_indicator"),
        typed_columns.text("assistant_indicator"),
        typed_columns.text("cosurgeon_indicator"),
        typed_columns.text("team_indicator"),
        typed_columns.text("endoscopic_base_code", upper=True),
        _rate("conversion_factor"),
        typed_columns.text("imaging_family_indicator"),
        _rate("opps_non_facility_pe_rvu"),
        _rate("opps_facility_pe_rvu"),
        _rate("opps_malpractice_rvu"),
    ),
    keys=("procedure_code", "modifier"),
)
GPCI = CmsFile(
    table="cms_gpci",
    name="geographic practice cost indices (GPCI)",
    title=re.compile(r"geographic practice cost ind", re.IGNORECASE),
    year=re.compile(r"(20\d\d)\s+P[WE] GPCI|\bCY\s*(20\d\d)\b", re.IGNORECASE),
    columns={
        "locality_number": r"locality number",
        "carrier": r"medicare administrative contractor",
        # Two work columns where Congress set a floor: the one with it is paid.
        "work_gpci": r"pw gpci",
        "pe_gpci": r"pe gpci",
        "malpractice_gpci": r"mp gpci",
    },
    typed=(_locality(), _rate("work_gpci"), _rate("pe_gpci"), _rate("malpractice_gpci")),
    keys=("locality",),
)
OPPSCAP = CmsFile(
    table="cms_oppscap",
    name="imaging payments capped at the outpatient amount (OPPSCAP)",
    title=re.compile(r"HCPCS,\s*MOD,\s*PROCSTAT,\s*CARRIER,\s*LOCALITY", re.IGNORECASE),
    is_year_required=False,
    columns={
        "procedure_code": r"hcpcs",
        "modifier": r"mod",
        "status_code": r"procstat",
        "carrier": r"carrier",
        "locality_number": r"locality",
        "facility_amount": r"facility price",
        "non_facility_amount": r"non-facil\w* price",
    },
    typed=(
        _CODE,
        _MODIFIER,
        typed_columns.text("status_code", required=True, upper=True),
        _locality(),
        typed_columns.decimal("facility_amount", MONEY_PLACES, required=True),
        typed_columns.decimal("non_facility_amount", MONEY_PLACES, required=True),
    ),
    keys=("procedure_code", "modifier", "locality"),
)
ANES = CmsFile(
    table="cms_anes",
    name="anesthesia conversion factors (ANES)",
    title=re.compile(r"Contractor,\s*Locality,.*\bAnes\w* (?:CF|Conversion)", re.IGNORECASE),
    is_year_required=False,
    columns={
        "locality_number": r"locality",
        "carrier": r"contractor",
        "conversion_factor": r".*\banes\w* (cf|conversion).*",
    },
    typed=(_locality(), _rate("conversion_factor"), _rate("national_conversion_factor", required=False)),
    keys=("locality",),
)
ADDENDUM_A = CmsFile(
    table="cms_opps_addendum_a",
    name="outpatient payment classifications (OPPS Addendum A)",
    title=re.compile(r"Addendum A\b.*\b(?:OPPS|APCs)\b", re.IGNORECASE),
    year=_OPPS_YEAR,
    columns={"apc": r"apc", "status_indicator": r"si|status indicator", **_OPPS_COLUMNS},
    typed=(
        typed_columns.text("apc", required=True),
        typed_columns.text("status_indicator", upper=True),
        *_OPPS_AMOUNTS,
    ),
    keys=("apc",),
    optional=frozenset({"adjusted_copayment_amount"}),
)
ADDENDUM_B = CmsFile(
    table="cms_opps_addendum_b",
    name="outpatient payment by procedure (OPPS Addendum B)",
    title=re.compile(r"Addendum B\b.*\bOPPS\b", re.IGNORECASE),
    year=_OPPS_YEAR,
    columns={
        "procedure_code": r"hcpcs code|hcpcs",
        "status_indicator": r"si|status indicator",
        "apc": r"apc",
        **_OPPS_COLUMNS,
    },
    typed=(
        _CODE,
        typed_columns.text("status_indicator", upper=True),
        typed_columns.text("apc"),
        *_OPPS_AMOUNTS,
    ),
    keys=("procedure_code",),
    optional=frozenset({"adjusted_copayment_amount"}),
)
CMS_FILES = (PPRRVU, GPCI, OPPSCAP, ANES, ADDENDUM_A, ADDENDUM_B)
