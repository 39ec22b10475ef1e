"""Hospital price-transparency files: CMS's own examples, what is refused whole, and what is in force."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from loaders.rates.price_transparency import load as price_transparency
from loaders.rates.price_transparency import text as text_module
from loaders.reference import LOADERS
from loaders.source import LoadResult, Refusal

from .conftest import Land
from .price_files import COLUMNS, HEAD, read, tall, visit

# CMS's own files


@pytest.mark.parametrize(
    ("name", "layout", "charges", "codes"),
    [
        # Counted by hand in the examples: rows, or filled payer columns; codes that are not blank.
        ("cms_v2/V2.0.0_Tall_CSV_Format_Example.csv", "tall", 31, 33),
        ("cms_v2/V2.0.0_Wide_CSV_Format_Example.csv", "wide", 33, 22),
        ("cms_v2/V2.0.0_JSON_Format_Example.json", "json", 31, 14),
        ("cms_v3/V3.0.0_Tall_CSV_Format_Example.csv", "tall", 45, 53),
        ("cms_v3/V3.0.0_Wide_CSV_Format_Example.csv", "wide", 45, 30),
        ("cms_v3/v3_json_format_example.json", "json", 45, 29),
    ],
)
def test_examples_of_cms_read_without_a_finding(
    shared_dir: Path, con: duckdb.DuckDBPyConnection, land: Land, name: str, layout: str, charges: int, codes: int
) -> None:
    result: LoadResult = land((shared_dir / "samples/mrf" / name).read_bytes(), name)
    assert (result.kind, result.findings) == ("price_transparency", [])
    landed = con.execute("select layout, hospital_name, charge_count from raw.price_transparency_files").fetchall()
    assert landed == [(layout, "West Mercy Hospital", charges)]
    for table, count in (("charges", charges), ("codes", codes)):
        assert con.execute(f"select count(*) from raw.price_transparency_{table}").fetchone() == (count,)


@pytest.mark.parametrize(("pattern", "rule"), [("*/*Template.csv", "mrf_no_charges"), ("*/*schema.json", "mrf_schema")])
def test_templates_and_schemas_are_refused_as_what_they_are(
    shared_dir: Path, land: Land, pattern: str, rule: str
) -> None:
    files = sorted((shared_dir / "samples/mrf").glob(pattern))
    assert len(files) >= 4
    for file in files:
        with pytest.raises(Refusal) as refused:
            land(file.read_bytes(), file.name)
        assert (refused.value.rule, refused.value.kind) == (rule, "price_transparency")


def test_three_layouts_of_one_hospital_say_the_same(shared_dir: Path) -> None:
    folder = shared_dir / "samples/mrf/cms_v3"
    names = ("V3.0.0_Tall_CSV_Format_Example.csv", "V3.0.0_Wide_CSV_Format_Example.csv", "v3_json_format_example.json")
    figures = ["setting", "modifiers", "payer_name", "plan_name", "negotiated_amount", "negotiated_percent"]
    figures += ["negotiated_algorithm", "median_amount", "percentile_10_amount", "percentile_90_amount"]
    figures += ["remittance_count", "gross_charge_amount", "drug_unit", "first_day", "last_day"]

    def said(name: str) -> list[tuple[Any, ...]]:
        charges, codes, _ = read((folder / name).read_bytes())
        listed = codes.group_by("line_number").agg(pl.concat_str("code_type", "code").sort().str.join(" "))
        joined = charges.join(listed, on="line_number", how="left").select(*figures, "code_type")
        return sorted(joined.rows(), key=str)

    expected = said(names[0])
    assert len(expected) == 45
    for name in names[1:]:
        assert said(name) == expected
    # A tiered per diem of the example: 2,000 for days 1 to 3, 1,800 for 4 and 5, 1,200 from day 6 on.
    tiers = [(row[4], row[-3], row[-2]) for row in expected if row[-3] is not None]
    assert sorted(tiers) == [(Decimal(1200), 6, None), (Decimal(1800), 4, 5), (Decimal(2000), 1, 3)]


def test_descriptors_are_not_landed(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(tall(visit(description="SECRET DESCRIPTOR"), visit(description="SECRET DESCRIPTOR", dollar="oops")))
    tables = con.execute("select table_name from information_schema.tables where table_schema = 'raw'").fetchall()
    for (table,) in tables:
        assert "SECRET" not in str(con.execute(f"select * from raw.{table}").fetchall())


# Whole files that cannot be


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (tall(), "mrf_no_charges"),
        (tall(visit(dollar="x")), "mrf_nothing_usable"),
        (tall(visit()).replace(",3.0.0,", ",1.1,"), "mrf_version"),
        (HEAD + "code,price\n99213,5\n", "mrf_header_missing"),
        (tall(visit(), columns=[*COLUMNS, "standard_charge|P|L|negotiated_dollar"]), "mrf_layout_mixed"),
        ('{"hospital_name": "X", "last_updated_on": "2026-01-01", "version": "3.0.0"}', "mrf_no_charges"),
        (
            '{"hospital_name": "X", "last_updated_on": "2026-01-01", "standard_charge_information": [{"a": 1},',
            "mrf_json",
        ),
        ('{"hospital_name": "X", "last_updated_on": "2026-01-01", "standard_charge_information": [1 2]}', "mrf_json"),
        ('{"standard_charge_information": ' + "[" * 100_000 + "]" * 100_000 + "}", "mrf_json"),
        ('{"standard_charge_information": [{"standard_charges": 5, "code_information": []}]}', "mrf_nothing_usable"),
    ],
)
def test_refused_whole(land: Land, con: duckdb.DuckDBPyConnection, text: str, rule: str) -> None:
    with pytest.raises(Refusal) as refused:
        land(text)
    assert refused.value.rule == rule
    assert con.execute("select count(*) from raw.price_transparency_charges").fetchone() == (0,)


def test_an_endless_line_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "LONGEST_LINE", 10_000)
    monkeypatch.setattr(text_module, "BLOCK_BYTES", 1_000)
    with pytest.raises(Refusal, match="mrf_endless_line"):
        read(tall(visit()) + "x" * 20_000)


def test_an_item_that_is_no_item_is_a_finding() -> None:
    document = {
        "hospital_name": "Example General (fictional)",
        "last_updated_on": "2026-01-01",
        "version": "2.2.1",
        "standard_charge_information": [
            {"description": "a", "code_information": "99213", "standard_charges": []},
            "words",
            {
                "description": "b",
                "code_information": [{"code": "99214", "type": "CPT"}],
                "standard_charges": [
                    {
                        "setting": "both",
                        "modifier_code": ["26", "59"],
                        "payers_information": [{"payer_name": "P", "plan_name": "L", "standard_charge_dollar": 0.1}],
                    }
                ],
            },
        ],
    }
    charges, codes, file = read(json.dumps(document))
    assert charges.select("line_number", "modifiers", "negotiated_amount").rows() == [(3, "26|59", Decimal("0.1"))]
    assert codes.rows() == [(3, 1, "CPT", "99214")]
    assert [(f.rule, f.position) for f in file.log.findings()] == [("mrf_item", 1), ("mrf_item", 2)]


def test_only_this_loader_recognises_these_files() -> None:
    for text in (tall(visit()), '{"modifier_information": [], "standard_charge_information": []}'):
        assert [recognise(text.encode()) for recognise, _ in LOADERS if recognise(text.encode())] == [
            "price_transparency"
        ]
    for other in ("schedule_id,procedure_code,amount\n", "payer_id,payer_name\n", '{"contract": "x"}', "ISA*00*", ""):
        assert price_transparency.recognise(other.encode()) is None


# In force


def test_the_newest_content_of_a_name_is_in_force(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(tall(visit()), "prices.csv")
    land(tall(visit(dollar="95.00")), "prices.csv")
    in_force = con.execute(
        "select negotiated_amount from raw.price_transparency_charges "
        "where file_number in (select file_number from raw.files_in_force)"
    ).fetchall()
    assert in_force == [(Decimal("95.000000"),)]
