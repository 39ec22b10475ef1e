"""Contracts: the whole grammar lands exactly, and what is wrong is said with file, line, key, found and allowed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from loaders.contracts.load import read_contract, recognise
from loaders.contracts.schema import SCHEMA_FILE, schema_text
from loaders.source import LoadResult

Land = Callable[..., LoadResult]
PUBLISHED_EXAMPLE = (Path(__file__).parent / "data" / "northfield.contract.yaml").read_text()
SMALL = """\
contract: small-2025
payer: SMALL
claim_types: [professional]
effective: {from: 2025-01-01, to: 2025-12-31}
default: {method: percent_of_charge, percent: 45}
"""


def small(**changes: str) -> str:
    """The small contract with top-level keys replaced, added or (blank) taken out."""
    lines = dict(line.split(": ", 1) for line in SMALL.splitlines())
    lines.update(changes)
    return "".join(f"{key}: {value}\n" for key, value in lines.items() if value)


def rows(con: duckdb.DuckDBPyConnection, columns: str, table: str) -> list[tuple[object, ...]]:
    return con.execute(f"select {columns} from raw.{table} order by all").fetchall()


def test_the_published_example_lands_whole(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land(PUBLISHED_EXAMPLE, "northfield.contract.yaml")
    assert (result.kind, result.findings) == ("contract", [])
    assert rows(
        con,
        "contract_id, contract_name, payer_id, effective_from, effective_to, date_basis, timely_filing_days, "
        "appeal_days, prompt_pay_days, annual_interest_percent, tolerance_amount, tolerance_percent, lesser_of, "
        "sequestration_percent, modifiers_basis, multiple_procedures_basis, stop_loss_kind, stop_loss_threshold, "
        "stop_loss_percent, default_method, default_percent",
        "contracts",
    ) == [
        (
            "northfield-ppo-2025",
            "Northfield Health PPO, professional",
            "NORTHFIELD",
            date(2025, 1, 1),
            date(2025, 12, 31),
            "service_from",
            180,
            180,
            30,
            Decimal(12),
            Decimal("1.00"),
            Decimal(1),
            "line",
            Decimal(0),
            "contract",
            "contract",
            "first_dollar",
            Decimal(200000),
            Decimal(50),
            "percent_of_charge",
            Decimal(45),
        )
    ]
    assert rows(con, "product", "contract_products") == [("PPO",)]
    assert rows(con, "claim_type", "contract_claim_types") == [("professional",)]
    assert rows(con, "modifier, percent", "contract_modifiers") == [
        ("50", Decimal(150)),
        ("52", Decimal(50)),
        ("62", Decimal("62.5")),
        ("80", Decimal(16)),
        ("AS", Decimal("13.6")),
    ]
    assert rows(con, "rank_number, percent", "contract_multiple_procedures") == [
        (1, Decimal(100)),
        *((rank, Decimal(50)) for rank in (2, 3, 4, 5)),
    ]
    assert rows(
        con,
        "term_number, term_id, scope, is_carve_out, method, amount, percent, base_rate, weight_set, schedule_id, "
        "locality, minimum_charge",
        "contract_terms",
    ) == [
        (1, "total-knee", "claim", False, "case_rate", Decimal("24500"), None, None, None, None, None, None),
        (2, "implants", "line", True, "percent_of_charge", None, Decimal(60), None, None, None, None, Decimal(1500)),
        (3, "med-surg-days", "line", False, "per_diem", None, None, None, None, None, None, None),
        (4, "other-drg", "claim", False, "drg_weight", None, None, Decimal(9800), "ms-drg-2025", None, None, None),
        (5, "visits", "line", False, "fee_schedule", None, Decimal(100), None, None, "northfield-2025", None, None),
        (
            6,
            "surgery",
            "line",
            False,
            "percent_of_medicare",
            None,
            Decimal(135),
            None,
            None,
            "mpfs-2025",
            "01112-05",
            None,
        ),
        (7, "drugs", "line", False, "per_unit", Decimal("12.40"), None, None, None, None, None, None),
        (8, "cosmetic", "line", False, "not_payable", None, None, None, None, None, None, None),
    ]
    assert rows(con, "term_id, tier_number, through_day, amount", "contract_term_tiers") == [
        ("med-surg-days", 1, 3, Decimal(2000)),
        ("med-surg-days", 2, 5, Decimal(1800)),
        ("med-surg-days", 3, None, Decimal(1200)),
    ]
    assert rows(con, "term_id, match_key, low_value, high_value", "contract_term_matches") == [
        ("cosmetic", "procedure", "15780", "15783"),
        ("drugs", "procedure", "J0000", "J9999"),
        ("implants", "revenue_code", "0274", "0278"),
        ("med-surg-days", "revenue_code", "0110", "0179"),
        ("multiple_procedures", "procedure", "10004", "69990"),
        ("other-drg", "bill_type", "11", "11"),
        ("surgery", "procedure", "10004", "69990"),
        ("total-knee", "drg", "469", "470"),
        ("visits", "place_of_service", "11", "11"),
        ("visits", "procedure", "99202", "99215"),
    ]
    assert rows(con, "example_name, service_from, expects_allowed, expected_allowed", "contract_examples") == [
        ("two procedures on one day", date(2025, 3, 4), True, Decimal("2045.83"))
    ]
    assert rows(
        con,
        "line_number, procedure_code, units, charge_amount, expects_amount, expected_amount",
        "contract_example_lines",
    ) == [
        (1, "27447", Decimal(1), Decimal(4000), True, Decimal("1697.80")),
        (2, "49505", Decimal(1), Decimal(1800), True, Decimal("348.03")),
    ]


def test_every_term_keeps_the_line_of_its_clause(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(PUBLISHED_EXAMPLE, "northfield.contract.yaml")
    found = con.execute(
        "select term_id, source_line, source_text from raw.contract_terms inner join raw.contracts using (contract_id)"
    ).fetchall()
    assert len(found) == 8
    for term_id, source_line, source_text in found:
        assert source_text.splitlines()[source_line - 1].strip() == f"- id: {term_id}"


def test_codes_are_taken_as_typed_quoted_or_not() -> None:
    text = small(
        terms="\n- id: a\n  method: not_payable\n  match:\n"
        "    revenue_code: [0274, 0360-0369, 636]\n"
        "    procedure: [0001U, 1234F, j0129, 99213]\n"
        "    modifier: [NO, on, 26, 1E]\n"
        "    place_of_service: [02, 11]\n"
        "    bill_type: 0131\n"
        "    drg: [1, 008-010]\n"
        "    diagnosis: [M17.11, e11]\n"
    )
    contract, _ = read_contract(text.encode(), "a.contract.yaml")
    assert [(key, *code_range) for key, code_range in contract.terms[0].match.ranges()] == [
        ("procedure", "0001U", "0001U"),
        ("procedure", "1234F", "1234F"),
        ("procedure", "J0129", "J0129"),
        ("procedure", "99213", "99213"),
        ("revenue_code", "0274", "0274"),
        ("revenue_code", "0360", "0369"),
        ("revenue_code", "0636", "0636"),
        ("modifier", "NO", "NO"),
        ("modifier", "ON", "ON"),
        ("modifier", "26", "26"),
        ("modifier", "1E", "1E"),
        ("place_of_service", "02", "02"),
        ("place_of_service", "11", "11"),
        ("bill_type", "131", "131"),
        ("drg", "001", "001"),
        ("drg", "008", "010"),
        ("diagnosis", "M1711", "M1711"),
        ("diagnosis", "E11", "E11"),
    ]


def test_numbers_never_pass_through_a_binary_float(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    # 12 digits before the point and 6 after are more than a double holds.
    land(small(default="{method: per_unit, amount: 123456789012.000001}"))
    assert rows(con, "default_amount", "contracts") == [(Decimal("123456789012.000001"),)]


def test_what_a_contract_leaves_out(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(small(effective="{from: 2025-01-01}", products="", terms="", stop_loss="~"))
    assert rows(
        con,
        "contract_name, effective_to, date_basis, timely_filing_days, prompt_pay_days, tolerance_amount, lesser_of, "
        "modifiers_basis, multiple_procedures_basis, stop_loss_kind",
        "contracts",
    ) == [("small-2025", None, "service_from", None, None, Decimal(0), "none", "none", "none", None)]


def test_medicare_rules_by_name(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(small(modifiers="medicare", multiple_procedures="Medicare"))
    assert rows(con, "modifiers_basis, multiple_procedures_basis", "contracts") == [("medicare", "medicare")]
    assert rows(con, "*", "contract_modifiers") == []


def test_an_example_may_expect_no_price(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(
        small(
            examples="[{name: a, claim: {service_from: 2025-02-01, lines: [{procedure: 99213}]}, "
            "expect: {allowed: null}}, "
            "{name: b, claim: {service_from: 2025-02-01, lines: [{procedure: 99213, modifiers: [26, AS]}]}, "
            "expect: {lines: [null]}}]"
        )
    )
    assert rows(con, "example_number, expects_allowed, expected_allowed", "contract_examples") == [
        (1, True, None),
        (2, False, None),
    ]
    assert rows(
        con, "example_number, modifier_1, modifier_2, modifier_3, expects_amount", "contract_example_lines"
    ) == [
        (1, None, None, None, False),
        (2, "26", "AS", None, True),
    ]


@pytest.mark.parametrize(
    ("head", "is_contract"),
    [
        (SMALL, True),
        ("\ufeff# ours\r\n" + SMALL, True),
        ('{"contract": "a", "payer": "B"}', True),
        ("contrct: a\npayer: b\nclaim_types: []\neffective: {}\nterms: []\n", True),
        (SMALL + "\tbroken", True),
        ("contract,payer\n1,2\n", False),
        ("services:\n  contract: x\n  payer: y\n", False),
        ("name: workflow\non: push\n", False),
        ("", False),
    ],
)
def test_a_contract_is_recognised_by_its_keys(head: str, is_contract: bool) -> None:
    assert recognise(head.encode()) == ("contract" if is_contract else None)


def test_a_percent_that_looks_like_a_fraction_is_doubted(land: Land) -> None:
    result = land(small(default="{method: percent_of_charge, percent: 0.45}"))
    assert [(finding.rule, finding.severity, finding.position) for finding in result.findings] == [
        ("percent_like_fraction", "warn", 5)
    ]


def test_the_schema_file_is_what_the_models_say() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_the_schema_takes_the_published_example_and_no_typing_slip() -> None:
    # Dates as text, as an editor's schema check sees them.
    example = json.loads(json.dumps(YAML(typ="safe", pure=True).load(PUBLISHED_EXAMPLE), default=str))
    check = Draft202012Validator(json.loads(schema_text()))
    assert [error.message for error in check.iter_errors(example)] == []
    example["terms"][0]["amuont"] = 1
    assert len(list(check.iter_errors(example))) == 1
