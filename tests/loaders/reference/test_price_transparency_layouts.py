"""Price-transparency files of any content: the three layouts, in blocks of any size, read back the same."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.rates.price_transparency import text as text_module

from .price_files import HEAD, read, tall

WORDS = st.text(alphabet='abcXYZ 019"|,;\n–é', min_size=1, max_size=12).map(str.strip).filter(bool)
NAMES = WORDS.filter(lambda name: "|" not in name)
AMOUNTS = st.decimals(min_value="0.01", max_value="999999.99", places=2)
CHARGES = st.fixed_dictionaries(
    {
        "code": st.from_regex(r"\A[1-9][0-9]{4}\Z"),
        "setting": st.sampled_from(["inpatient", "outpatient", "both"]),
        "dollars": st.lists(st.none() | AMOUNTS, min_size=2, max_size=2),
        "algorithm": st.none() | WORDS,
        "description": WORDS,
    }
)
PLANS = [("Payer One", "PPO"), ("Payer, Two", 'H"MO')]


def as_tall(rows: list[dict[str, Any]]) -> str:
    return tall(
        *(
            {
                "description": row["description"],
                "code": row["code"],
                "type": "CPT",
                "setting": row["setting"],
                "payer_name": payer,
                "plan_name": plan,
                "dollar": "" if dollar is None else str(dollar),
                "standard_charge|negotiated_algorithm": row["algorithm"] or "",
            }
            for row in rows
            for (payer, plan), dollar in zip(PLANS, row["dollars"], strict=True)
        )
    )


def as_wide(rows: list[dict[str, Any]]) -> str:
    columns = ["description", "code|1", "code|1|type", "setting"]
    for payer, plan in PLANS:
        columns += [
            f"standard_charge|{payer}|{plan}|{figure}" for figure in ("negotiated_dollar", "negotiated_algorithm")
        ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        cells = [row["description"], row["code"], "CPT", row["setting"]]
        for dollar in row["dollars"]:
            cells += ["" if dollar is None else str(dollar), row["algorithm"] or ""]
        writer.writerow(cells)
    return HEAD + text.getvalue()


def as_json(rows: list[dict[str, Any]]) -> str:
    items = []
    for row in rows:
        payers = [
            {"payer_name": payer, "plan_name": plan}
            | ({} if dollar is None else {"standard_charge_dollar": float(dollar)})
            | ({"standard_charge_algorithm": row["algorithm"]} if row["algorithm"] else {})
            for (payer, plan), dollar in zip(PLANS, row["dollars"], strict=True)
        ]
        charge = {"setting": row["setting"], "payers_information": payers}
        code = {"code": row["code"], "type": "CPT"}
        items.append({"description": row["description"], "code_information": [code], "standard_charges": [charge]})
    head = {"hospital_name": "H", "last_updated_on": "2026-01-01", "version": "3.0.0"}
    return json.dumps(head | {"standard_charge_information": items}, ensure_ascii=False)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(CHARGES, min_size=1, max_size=6), block=st.integers(min_value=1, max_value=64))
def test_every_layout_in_blocks_of_any_size_reads_back_what_was_written(rows: list[dict[str, Any]], block: int) -> None:
    expected = sorted(
        str(
            (
                row["code"],
                row["setting"],
                payer,
                plan,
                dollar and dollar.quantize(Decimal("0.000001")),
                row["algorithm"],
            )
        )
        for row in rows
        for (payer, plan), dollar in zip(PLANS, row["dollars"], strict=True)
        if dollar is not None or row["algorithm"]
    )
    whole = text_module.BLOCK_BYTES
    try:
        text_module.BLOCK_BYTES = block
        for text in (as_tall(rows), as_wide(rows), as_json(rows)):
            charges, codes, _ = read(text)
            found = charges.join(codes, on="line_number").filter(
                pl.col("negotiated_amount").is_not_null() | pl.col("negotiated_algorithm").is_not_null()
            )
            columns = ("code", "setting", "payer_name", "plan_name", "negotiated_amount", "negotiated_algorithm")
            assert sorted(str(row) for row in found.select(columns).rows()) == expected
    finally:
        text_module.BLOCK_BYTES = whole
