"""JSON files to batches of text: one row a charge and plan, one a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from loaders.rates.price_transparency.csv_file import CODE_SCHEMA, TEXT_SCHEMA, TextBatch
from loaders.rates.price_transparency.findings import FindingLog
from loaders.rates.price_transparency.head import FileHead, fill
from loaders.rates.price_transparency.json_stream import JsonStream
from loaders.rates.price_transparency.text import KIND
from loaders.source import Refusal

ITEMS, MODIFIERS = "standard_charge_information", "modifier_information"
BATCH_ROWS = 50_000
_CHARGE_KEYS = {
    "setting": "setting",
    "billing_class": "billing_class",
    "gross_charge_amount": "gross_charge",
    "discounted_cash_amount": "discounted_cash",
    "minimum_amount": "minimum",
    "maximum_amount": "maximum",
    "generic_notes": "additional_generic_notes",
}
_PAYER_KEYS = {
    "payer_name": "payer_name",
    "plan_name": "plan_name",
    "negotiated_amount": "standard_charge_dollar",
    "negotiated_percent": "standard_charge_percentage",
    "negotiated_algorithm": "standard_charge_algorithm",
    "methodology": "methodology",
    "estimated_amount": "estimated_amount",
    "median_amount": "median_amount",
    "percentile_10_amount": "10th_percentile",
    "percentile_90_amount": "90th_percentile",
    "remittance_count": "count",
    "payer_notes": "additional_payer_notes",
}
_CODE_KEYS = {"code_type": "type", "code": "code"}
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_KEYS = {"line_number": pl.Int64, "charge_number": pl.Int32}
_COLUMNS = (*_KEYS, "description", "drug_unit", "drug_unit_type", "modifiers", *_CHARGE_KEYS, *_PAYER_KEYS)
Row = dict[str, Any]
# Values in the order of `_COLUMNS`.
Cells = tuple[Any, ...]


class _ItemError(Exception):
    """An item that is not as CMS's schema has it."""


class JsonFile:
    """Reads charges as they are asked for; `head` is whole once they have all been given."""

    layout_name = "json"

    def __init__(self, blocks: Iterator[str], log: FindingLog) -> None:
        self._stream = JsonStream(blocks, (ITEMS, MODIFIERS))
        self._log = log
        self.head = FileHead()

    def batches(self) -> Iterator[TextBatch]:
        charges: list[Cells] = []
        codes: list[Row] = []
        root: dict[str, Any] = {}
        line_number = items = 0
        for name, number, value in self._stream.members():
            if number is None:
                root[name] = value
                continue
            line_number, items = line_number + 1, items + 1
            try:
                item_charges, item_codes = (_item if name == ITEMS else _modifier)(line_number, value)
            except _ItemError as fault:
                message = f"Element {number} of `{name}`: {fault}."
                self._log.add("mrf_item", "fail", message, line_number)
                continue
            charges += item_charges
            codes += item_codes
            if len(charges) >= BATCH_ROWS:
                yield _batch(charges, codes, items)
                charges, codes, items = [], [], 0
        self._finish(root)
        if items:
            yield _batch(charges, codes, items)

    def _finish(self, root: Mapping[str, Any]) -> None:
        if "$schema" in root and ITEMS not in root and ("properties" in root or "definitions" in root):
            raise Refusal(
                "mrf_schema",
                "This is the JSON Schema of CMS's layout, which describes such files and holds no charges.",
                kind=KIND,
                position=1,
            )
        fill(self.head, {name: text for name, value in root.items() if (text := _joined(value))}, self._log)
        license_information = root.get("license_information")
        if isinstance(license_information, dict):
            self.head.license_number = _joined(license_information.get("license_number")) or None
            self.head.license_state = _joined(license_information.get("state")) or None
        provisions = root.get("general_contract_provisions")
        for entry in provisions if isinstance(provisions, list) else [provisions]:
            text = _joined(entry.get("provisions")) if isinstance(entry, dict) else _joined(entry)
            payer = _joined(entry.get("payer_name")) if isinstance(entry, dict) else ""
            if text:
                self.head.provisions.append((payer or None, text))


def _batch(charges: list[Cells], codes: list[Row], items: int) -> TextBatch:
    columns = list(zip(*charges, strict=True)) or [()] * len(TEXT_SCHEMA)
    frame = pl.DataFrame(
        dict(zip(_COLUMNS, columns, strict=True)), schema={name: _KEYS.get(name, pl.String) for name in _COLUMNS}
    )
    frame = frame.select(pl.col(*_KEYS), pl.col(pl.String).fill_null("").str.strip_chars()).select(*TEXT_SCHEMA)
    return TextBatch(frame, pl.DataFrame(codes, schema=CODE_SCHEMA), items)


def _item(line_number: int, value: Any) -> tuple[list[Cells], list[Row]]:
    item = _object(value, "the item")
    drug = item.get("drug_information")
    drug = {} if drug is None else _object(drug, "`drug_information`")
    description = _text(item, "description")
    unit, unit_type = _text(drug, "unit"), _text(drug, "type")
    charges: list[Cells] = []
    for charge in _objects(item, "standard_charges"):
        modifiers = _joined(charge.get("modifier_code") or charge.get("modifiers"))
        shared = (description, unit, unit_type, modifiers, *_values(charge, _CHARGE_KEYS))
        for payer in _objects(charge, "payers_information", needed=False) or [{}]:
            charges.append((line_number, len(charges) + 1, *shared, *_values(payer, _PAYER_KEYS)))
    codes = [
        {"line_number": line_number, "code_number": number}
        | {key: _text(entry, name) for key, name in _CODE_KEYS.items()}
        for number, entry in enumerate(_objects(item, "code_information"), 1)
    ]
    return charges, [code for code in codes if code["code"]]


def _modifier(line_number: int, value: Any) -> tuple[list[Cells], list[Row]]:
    """What a modifier does to a price. JSON says it in words alone: a single percentage in them is the percent."""
    modifier = _object(value, "the modifier")
    charges: list[Cells] = []
    for number, payer in enumerate(_objects(modifier, "modifier_payer_information"), 1):
        words = _text(payer, "description")
        percents = _PERCENT.findall(words)
        said = {
            "modifiers": _text(modifier, "code"),
            "setting": _text(modifier, "setting"),
            "payer_name": _text(payer, "payer_name"),
            "plan_name": _text(payer, "plan_name"),
            "negotiated_percent": percents[0] if len(percents) == 1 else "",
            "payer_notes": words,
        }
        charges.append((line_number, number, *(said.get(name) for name in _COLUMNS[2:])))
    return charges, []


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _ItemError(f"{what} is no block of keys")
    return value


def _objects(item: Mapping[str, Any], key: str, *, needed: bool = True) -> list[dict[str, Any]]:
    value = item.get(key)
    if value is None and not needed:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise _ItemError(f"`{key}` is no list of blocks")
    return value


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if isinstance(value, (dict, list)):
        raise _ItemError(f"`{key}` is no single value")
    return _joined(value)


def _values(item: Mapping[str, Any], keys: Mapping[str, str]) -> list[str | None]:
    values = [item.get(key) for key in keys.values()]
    if not all(value is None or type(value) is str for value in values):
        return [_text(item, key) for key in keys.values()]
    return values


def _joined(value: Any) -> str:
    """A value as text; a list's values between bars, as CSV has them; a block is none."""
    if isinstance(value, list):
        return "|".join(text for entry in value if (text := _joined(entry)))
    if value is None or isinstance(value, dict):
        return ""
    return str(value).strip()
