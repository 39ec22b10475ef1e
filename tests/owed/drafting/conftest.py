"""Drafts read back by the very loaders that will read them in an inbox."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from loaders.contracts.load import read_contract
from loaders.contracts.model import Contract
from owed.drafting.draft import Draft, write

Loaded = Callable[[Sequence[Draft]], list[Contract]]

COLUMNS = {
    "code": "code|1",
    "type": "code|1|type",
    "code2": "code|2",
    "type2": "code|2|type",
    "class": "billing_class",
    "modifiers": "modifiers",
    "setting": "setting",
    "unit": "drug_unit_of_measurement",
    "unit_type": "drug_type_of_measurement",
    "gross": "standard_charge|gross",
    "payer": "payer_name",
    "plan": "plan_name",
    "dollar": "standard_charge|negotiated_dollar",
    "percent": "standard_charge|negotiated_percentage",
    "formula": "standard_charge|negotiated_algorithm",
    "method": "standard_charge|methodology",
    "notes": "additional_generic_notes",
    "what": "description",
}


@pytest.fixture
def price_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a tall price-transparency file of rows given by the short names of `COLUMNS`."""

    def made(*rows: dict[str, Any], updated: str = "2025-07-01", provisions: str = "") -> Path:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["hospital_name", "last_updated_on", "version", "general_contract_provisions"])
        writer.writerow(["Example General (fictional)", updated, "3.0.0", provisions])
        writer.writerow(COLUMNS.values())
        usual = {"what": "item", "setting": "outpatient", "payer": "Northfield Health", "plan": "PPO", "type": "CPT"}
        for row in rows:
            named = usual | {"method": "fee schedule"} | row
            writer.writerow([named.get(name, "") for name in COLUMNS])
        path = tmp_path / "prices.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        return path

    return made


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    """Writes drafts and gives the contracts our loader reads from the files."""

    def read(drafts: Sequence[Draft]) -> list[Contract]:
        written = write(drafts, tmp_path / "drafts")
        return [read_contract(Path(draft.files[0]).read_bytes(), draft.files[0])[0] for draft in written]

    return read
