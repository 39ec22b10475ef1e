"""Hospital price-transparency files: CMS's own examples, the three layouts against one another, dirt and faults."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.rates.price_transparency import load as price_transparency
from loaders.rates.price_transparency import text as text_module
from loaders.rates.price_transparency.reader import PriceFile
from loaders.reference import LOADERS
from loaders.source import Finding, LoadResult, Refusal

from .conftest import Land

HEAD = (
    "hospital_name,last_updated_on,version,location_name,hospital_address,license_number|TX,type_2_npi,"
    '"To the best of its knowledge, and belief",attester_name\n'
    'Example General (fictional),4/1/2026,3.0.0,North|South,"1 Example Way, Nowhere",L-1,0000000001,TRUE,A. Tester\n'
)
COLUMNS = (
    "description,code|1,code|1|type,code|2,code|2|type,modifiers,setting,drug_unit_of_measurement,"
    "drug_type_of_measurement,standard_charge|gross,standard_charge|discounted_cash,payer_name,plan_name,"
    "standard_charge|negotiated_dollar,standard_charge|negotiated_percentage,standard_charge|negotiated_algorithm,"
    "median_amount,10th_percentile,90th_percentile,count,standard_charge|methodology,standard_charge|min,"
    "standard_charge|max,additional_generic_notes"
).split(",")


def tall(*rows: dict[str, str], head: str = HEAD, columns: list[str] = COLUMNS) -> str:
    """A tall file; a row gives what it has under CMS's names, `code` and `type` for the first code."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    short = {"code": "code|1", "type": "code|1|type", "dollar": "standard_charge|negotiated_dollar"}
    short |= {"percent": "standard_charge|negotiated_percentage", "method": "standard_charge|methodology"}
    for row in rows:
        named = {short.get(key, key): value for key, value in row.items()}
        writer.writerow([named.get(name, "") for name in columns])
    return head + text.getvalue()


def visit(**other: str) -> dict[str, str]:
    row = {"description": "A visit", "code": "99213", "type": "CPT", "setting": "outpatient", "method": "fee schedule"}
    return row | {"payer_name": "Northfield Health (fictional)", "plan_name": "PPO", "dollar": "92.50"} | other


def read(text: str | bytes) -> tuple[pl.DataFrame, pl.DataFrame, PriceFile]:
    file = PriceFile(io.BytesIO(text.encode() if isinstance(text, str) else text))
    batches = list(file.batches())
    return pl.concat([b.charges for b in batches]), pl.concat([b.codes for b in batches]), file


def rules(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.rule, finding.severity) for finding in findings}


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


# Dirt


def test_headers_in_any_case_spacing_and_order() -> None:
    clean, codes, _ = read(tall(visit(modifiers="26 | LT")))
    columns = list(reversed(COLUMNS))
    dirty = tall(visit(modifiers="26 | LT"), columns=columns)
    header = ",".join(columns)
    assert header in dirty
    dirty = dirty.replace(header, header.upper().replace("|", "  | ").replace("_", " "))
    dirty = "\n\n" + dirty.replace("\n", "\r\n\r\n")
    again, codes_again, file = read(b"\xef\xbb\xbf" + dirty.encode())
    assert again.drop("line_number").equals(clean.drop("line_number"))
    assert codes_again.drop("line_number").equals(codes.drop("line_number"))
    assert again["modifiers"].to_list() == ["26|LT"]
    assert file.log.findings() == []
    # Two lines before it and one after each: the head is on 3 and 5, the columns on 7, the charge on 9.
    assert again["line_number"].to_list() == [9]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_encodings(encoding: str) -> None:
    text = tall(visit(payer_name="Pläne – Nord (fictional)", additional_generic_notes="naïve"))
    assert price_transparency.recognise(text.encode(encoding)) == "price_transparency"
    charges, _, _ = read(text.encode(encoding))
    assert charges.select("payer_name", "generic_notes").rows() == [("Pläne – Nord (fictional)", "naïve")]


def test_a_file_of_two_encodings() -> None:
    text = tall(visit(plan_name="Größe A"), visit(plan_name="Größe B"))
    first = text.rpartition("\nA visit")[0]
    charges, _, _ = read(first.encode("utf-8") + text[len(first) :].encode("cp1252"))
    assert charges["plan_name"].to_list() == ["Größe A", "Größe B"]


def test_line_breaks_inside_quotes_and_stray_quotes() -> None:
    rows = tall(
        visit(description='Two\nlines, and a "quote"', additional_generic_notes="kept\nwhole"), visit(code="99214")
    )
    # A mark that opens a field of the second row (line 7) and is never closed: that row alone is lost.
    broken = rows.replace("\nA visit,99214", '\n"A visit,99214') + tall(visit(code="99215")).splitlines()[-1] + "\n"
    charges, codes, file = read(broken)
    assert codes["code"].to_list() == ["99213", "99215"]
    assert charges["generic_notes"].to_list() == ["kept\nwhole", None]
    found = file.log.findings()
    assert [(f.rule, f.severity, f.position) for f in found] == [("csv_quote_open", "fail", 7)]


def test_a_repeated_column_gives_its_first_value_that_is_not_blank() -> None:
    columns = [*COLUMNS, "Standard_Charge | Negotiated_Dollar", "hospital's own"]
    text = tall(visit(dollar=""), visit(), columns=columns)
    lines = text.splitlines()
    lines[3] = lines[3].removesuffix(",,") + ",88.00,x"
    lines[4] = lines[4].removesuffix(",,") + ",77.00,x"
    charges, _, file = read("\n".join(lines))
    assert charges["negotiated_amount"].to_list() == [Decimal("88"), Decimal("92.5")]
    assert rules(file.log.findings()) == {("mrf_column_twice", "warn"), ("csv_column_unknown", "info")}


def test_rows_of_another_length() -> None:
    lines = tall(visit(), visit(), visit()).splitlines()
    lines[3] = lines[3].rstrip(",")
    lines[4] += ",,"
    lines[5] += ",stray"
    charges, _, file = read("\n".join(lines))
    assert charges["line_number"].to_list() == [4, 5]
    assert [(f.rule, f.severity, f.position) for f in file.log.findings()] == [
        ("csv_values_few", "warn", 4),
        ("csv_value_count", "fail", 6),
    ]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("$1,234.50", Decimal("1234.50")),
        (" 1234.5 ", Decimal("1234.5")),
        ("1234.", Decimal("1234")),
        ("1.2345E3", Decimal("1234.5")),
        # More places than a rate has, as binary floats print: 0.1 + 0.2 and the like.
        ("0.30000000000000004", Decimal("0.300000")),
        ("N/A", None),
        ("", None),
    ],
)
def test_amounts_as_people_write_them(written: str, read_as: Decimal | None) -> None:
    charges, _, file = read(tall(visit(dollar=written), visit()))
    assert charges["negotiated_amount"].to_list() == [read_as, Decimal("92.50")]
    assert file.log.findings() == []


@pytest.mark.parametrize("written", ["0", "-5", "see note", "12,5x", "1e99"])
def test_a_price_that_is_no_number_above_zero_loses_its_charge_alone(land: Land, written: str) -> None:
    result = land(tall(visit(), visit(dollar=written), visit()))
    assert [(f.rule, f.severity, f.position) for f in result.findings] == [("number_unreadable", "fail", 5)]
    assert "Northfield Health (fictional), PPO" in result.findings[0].message


def test_what_cannot_be_read_beside_the_price_is_unknown() -> None:
    other = {"standard_charge|gross": "lots", "setting": "IP", "method": "magic", "count": "7", "median_amount": "0"}
    charges, codes, file = read(tall(visit(**other, type="REV CODE")))
    row = charges.row(0, named=True)
    assert [row[name] for name in ("gross_charge_amount", "setting", "methodology", "remittance_count")] == [None] * 4
    assert row["negotiated_amount"] == Decimal("92.50")
    assert codes.rows() == [(4, 1, "REV-CODE", "99213")]
    expected = ("figure_unreadable", "value_not_allowed", "count_unreadable", "code_type_unknown")
    assert rules(file.log.findings()) == {(rule, "warn") for rule in expected}


def test_fractions_sentinels_and_counts() -> None:
    charges, _, file = read(
        tall(
            visit(dollar="", percent="0.7", method="Percent of Billed Charges", count="1 Through 10"),
            visit(median_amount="999999999", count="11"),
            visit(percent="70.5%", count="0"),
        )
    )
    assert charges["negotiated_percent"].to_list() == [Decimal("0.7"), None, Decimal("70.5")]
    assert charges["methodology"][0] == "percent of total billed charges"
    assert charges["median_amount"].to_list() == [None] * 3
    assert charges["remittance_count"].to_list() == ["1 through 10", "11", "0"]
    assert rules(file.log.findings()) == {("percent_like_fraction", "warn")}


def test_codes_are_spelled_as_claims_spell_them() -> None:
    rows = [("360", "rc"), ("1", "MS-DRG"), ("470.0", "ms drg"), (" j1450 ", "hcpcs"), ("0093-8739-01", "NDC")]
    _, codes, _ = read(tall(*(visit(code=code, type=kind) for code, kind in rows)))
    spelled = [("RC", "0360"), ("MS-DRG", "001"), ("MS-DRG", "470"), ("HCPCS", "J1450"), ("NDC", "0093-8739-01")]
    assert codes.select("code_type", "code").rows() == spelled


def test_a_price_without_a_payer_is_not_loaded_and_an_item_without_a_price_is() -> None:
    no_price = visit(payer_name="", plan_name="", dollar="", method="") | {"standard_charge|gross": "100"}
    charges, _, file = read(tall(visit(payer_name=""), no_price))
    assert charges.select("line_number", "payer_name", "gross_charge_amount").rows() == [(5, None, Decimal(100))]
    assert rules(file.log.findings()) == {("payer_missing", "fail")}


def test_a_thousand_bad_rows_are_told_in_few_findings() -> None:
    _, _, file = read(tall(visit(), *[visit(dollar="?")] * 1000))
    found = file.log.findings()
    assert len(found) == 21
    assert "980 more of the same, 1,000 in all; the last at 1004" in found[-1].message


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


# Any content, any layout, any block size

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


# In force


def test_the_newest_content_of_a_name_is_in_force(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(tall(visit()), "prices.csv")
    land(tall(visit(dollar="95.00")), "prices.csv")
    in_force = con.execute(
        "select negotiated_amount from raw.price_transparency_charges "
        "where file_number in (select file_number from raw.files_in_force)"
    ).fetchall()
    assert in_force == [(Decimal("95.000000"),)]
