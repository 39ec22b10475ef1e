"""The JSON Schema of contract files, for editors: `python -m loaders.contracts.schema` writes it to `docs/`."""

from __future__ import annotations

import json
from pathlib import Path

from loaders.contracts.model import Contract

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "contract.schema.json"


def schema_text() -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Contract.model_json_schema(by_alias=True, mode="validation"),
        "title": "Owed contract",
    }
    return json.dumps(schema, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
