"""Hospital price-transparency files as hospitals write them: encodings, quotes, columns, amounts and codes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from loaders.rates.price_transparency import load as price_transparency

from .conftest import Land
from .price_files import COLUMNS, read, rules, tall, visit


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
