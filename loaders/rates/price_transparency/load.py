"""Loads hospital price-transparency files (INTERFACE 2.4): recognised by CMS's own names, landed batch by batch."""

from __future__ import annotations

import re

import duckdb
import polars as pl

from loaders import reference_rows
from loaders.rates.price_transparency.reader import PriceFile
from loaders.rates.price_transparency.text import KIND, encoding_of
from loaders.source import LoadResult, SourceFile

_JSON = re.compile(r'"(standard_charge_information|modifier_payer_information)"')
_HEAD = (re.compile(r"\bhospital[ _]+name\b"), re.compile(r"\blast[ _]+updated[ _]+on\b"))
_COLUMNS = (re.compile(r"\bstandard[ _]+charge\s*\|"), re.compile(r"\bcode\s*\|\s*\[?(1|i)\b"))


def recognise(head: bytes) -> str | None:
    """By the members of CMS's JSON, by the first header row, or by the row that names the charges' columns."""
    text = head.decode(encoding_of(head), errors="ignore").lower()
    if text.lstrip().startswith("{"):
        return KIND if _JSON.search(text) or all(name.search(text) for name in _HEAD) else None
    is_csv = all(name.search(text) for name in _HEAD) or all(name.search(text) for name in _COLUMNS)
    return KIND if is_csv and "," in text else None


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Rows to `raw.price_transparency_files`, `…_charges` and `…_codes`."""
    with source.open() as stream:
        file = PriceFile(stream)
        for batch in file.batches():
            reference_rows.insert_rows(con, "price_transparency_charges", batch.charges, source.file_number)
            reference_rows.insert_rows(con, "price_transparency_codes", batch.codes, source.file_number)
    reference_rows.insert_rows(con, "price_transparency_files", _file_row(file), source.file_number)
    return LoadResult(KIND, findings=file.log.findings())


def _file_row(file: PriceFile) -> pl.DataFrame:
    head = file.head
    provisions = "\n".join(f"{payer}: {text}" if payer else text for payer, text in head.provisions)
    return pl.DataFrame(
        {
            "hospital_name": [head.hospital_name],
            "location_names": [head.location_names],
            "license_number": [head.license_number],
            "license_state": [head.license_state],
            "npis": [head.npis],
            "version": [head.version],
            "layout": [file.layout],
            "general_contract_provisions": [provisions or None],
            "item_count": [file.item_count],
            "charge_count": [file.charge_count],
            "last_updated_on": pl.Series([head.last_updated_on], dtype=pl.Date),
        }
    )
