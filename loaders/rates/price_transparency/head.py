"""What a file says of itself, from CSV's first two rows or the JSON root."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from loaders.rates.price_transparency.findings import FindingLog
from loaders.rates.price_transparency.layout import header_names
from loaders.rates.price_transparency.text import KIND
from loaders.source import Refusal

READ_VERSIONS = ("2", "3")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_LICENSE = re.compile(r"license_number(?:\|(.*))?")


@dataclass
class FileHead:
    """Blank is None. `provisions`: the contract provisions, each with the payer it is for (None: all)."""

    hospital_name: str | None = None
    location_names: str | None = None
    license_number: str | None = None
    license_state: str | None = None
    npis: str | None = None
    version: str | None = None
    last_updated_on: date | None = None
    provisions: list[tuple[str | None, str]] = field(default_factory=list)


def head_of_rows(names: Sequence[str], values: Sequence[str], log: FindingLog) -> FileHead:
    """The head of a CSV file: its first header row and the row of values below."""
    found: dict[str, str] = {}
    head = FileHead()
    for name, value in zip(header_names(names), values, strict=False):
        text = value.strip()
        if not text:
            continue
        if license_header := _LICENSE.fullmatch(name):
            head.license_number = text
            head.license_state = (license_header[1] or "").strip("[]").upper() or None
        else:
            found.setdefault(name, text)
    fill(head, found, log)
    if provisions := found.get("general_contract_provisions"):
        head.provisions = [(None, provisions)]
    return head


def fill(head: FileHead, values: Mapping[str, str], log: FindingLog) -> None:
    """Sets what stands under CMS's own names in CSV and JSON alike. Raises `Refusal` for a version not read here."""
    head.hospital_name = values.get("hospital_name")
    head.location_names = values.get("location_name") or values.get("hospital_location")
    head.npis = values.get("type_2_npi")
    head.version = values.get("version")
    if head.hospital_name is None:
        log.add("mrf_hospital_missing", "warn", "The file names no hospital.", 1)
    _check_version(head.version, log)
    written = values.get("last_updated_on")
    head.last_updated_on = _date(written) if written else None
    if head.last_updated_on is None:
        shown = f"`last_updated_on` is '{written}'" if written else "the file says no `last_updated_on`"
        log.add("mrf_date_unknown", "warn", f"The file's date is unknown: {shown}; written is 2026-04-01.", 1)


def _check_version(version: str | None, log: FindingLog) -> None:
    digits = re.search(r"\d+", version or "")
    if digits is None:
        log.add("mrf_version_unknown", "warn", "The file says no version; its columns are read by their names.", 1)
    elif digits[0] not in READ_VERSIONS:
        raise Refusal(
            "mrf_version",
            f"The file is of CMS's layout version {version}; versions 2.x and 3.x are read here.",
            kind=KIND,
            position=1,
        )


def _date(text: str) -> date | None:
    """ISO, or month/day/year, which version 3 accepts in CSV."""
    iso, us = _ISO_DATE.fullmatch(text), _US_DATE.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        return date(int(us[3]), int(us[1]), int(us[2])) if us else None
    except ValueError:
        return None
