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
from loaders.source import LoadResult, Refusal

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


def refused(text: str | bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read_contract(text.encode() if isinstance(text, str) else text, "a.contract.yaml")
    assert caught.value.kind == "contract"
    return str(caught.value)


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
    ("changes", "message"),
    [
        ({"payer": ""}, "line 1, payer: `payer` is missing"),
        ({"claim_types": "[]"}, "line 3, claim_types: the list is empty"),
        ({"claim_types": "[proffesional]"}, "line 3, claim_types[1]: found 'proffesional'; allowed are professional,"),
        ({"effective": "{from: 01/01/2025}"}, "line 4, effective.from: found '01/01/2025'; allowed is a calendar date"),
        ({"effective": "{from: 2025-02-30}"}, "line 4, effective.from: found '2025-02-30'; allowed is a calendar date"),
        ({"effective": "{from: 2025-02-03, to: 2025-02-01}"}, "line 4, effective: `to` is before `from`"),
        ({"default": ""}, "the contract: the contract prices nothing"),
        ({"default": "{method: per_diem, amount: 1}"}, "default: the default prices lines that no term matches"),
        (
            {"lesser_off": "line"},
            "line 6, lesser_off: `lesser_off` is not a key of a contract here (did you mean `lesser_of`?)",
        ),
        ({"lesser_of": "[line]"}, "line 6, lesser_of: found a list or a block of keys; allowed are none, line, claim"),
        ({"sequestration_percent": "102"}, "found '102'; allowed is a number with a point"),
        ({"tolerance": "{amount: -1}"}, "tolerance.amount: found '-1'; allowed is a number"),
        (
            {"tolerance": "{amount: 1.005}"},
            "tolerance.amount: found '1.005'; allowed is a number with a point and at most 2",
        ),
        ({"tolerance": "{amount: $1}"}, "tolerance.amount: found '$1'"),
        ({"tolerance": "{amount: 1e2}"}, "tolerance.amount: found '1e2'"),
        ({"tolerance": "{amount: .nan}"}, "tolerance.amount: found '.nan'"),
        ({"tolerance": "5"}, "tolerance: found '5'; allowed is a block of keys: amount, percent"),
        ({"appeal_days": "1.5"}, "appeal_days: found '1.5'; allowed is a whole number"),
        ({"modifiers": "medicaid"}, "modifiers: found 'medicaid'; allowed are medicare"),
        (
            {"modifiers": "{bilateral: 150}"},
            "modifiers.bilateral: found 'BILATERAL'; allowed is a modifier of two characters",
        ),
        ({"multiple_procedures": "{percents: []}"}, "multiple_procedures.percents: the list is empty"),
        (
            {"stop_loss": "{kind: first, threshold: 1, percent: 1}"},
            "stop_loss.kind: found 'first'; allowed are first_dollar,",
        ),
        # A thousands comma inside braces makes a second key, `000`.
        ({"stop_loss": "{kind: first_dollar, threshold: 200,000, percent: 50}"}, "stop_loss.000: `000` is not a key"),
        ({"providers": "{npis: [123]}"}, "providers.npis[1]: found '123'; allowed is an NPI of ten digits"),
        (
            {"terms": "[{id: default, method: not_payable}]"},
            "terms[1].id: found 'default', which reports use themselves",
        ),
        ({"terms": "[{id: stop_loss, method: not_payable}]"}, "terms[1].id: found 'stop_loss'"),
        (
            {"terms": "[{id: a, method: not_payable}, {id: a, method: not_payable}]"},
            "terms[2].id: found 'a', which is already",
        ),
        ({"terms": "[{method: not_payable}]"}, "terms[1].id: `id` is missing"),
        ({"terms": "[{id: a, method: case_rate}]"}, "terms[1]: method case_rate needs `amount`"),
        ({"terms": "[{id: a, method: fee_schedule}]"}, "terms[1]: method fee_schedule needs `schedule`"),
        ({"terms": "[{id: a, method: percent_of_charge}]"}, "terms[1]: method percent_of_charge needs `percent`"),
        ({"terms": "[{id: a, method: per_unit}]"}, "terms[1]: method per_unit needs `amount`"),
        ({"terms": "[{id: a, method: per_diem}]"}, "terms[1]: method per_diem needs exactly one of amount and tiers"),
        ({"terms": "[{id: a, method: per_diem, amount: 1, tiers: [{amount: 1}]}]"}, "exactly one of amount and tiers"),
        ({"terms": "[{id: a, method: drg_weight, scope: claim, base_rate: 1}]"}, "drg_weight needs `weight_set`"),
        ({"terms": "[{id: a, method: drg_weight, base_rate: 1, weight_set: w}]"}, "write `scope: claim`"),
        ({"terms": "[{id: a, method: per_unit, amount: 1, scope: claim}]"}, "write `scope: line`"),
        (
            {"terms": "[{id: a, method: case_rate, amount: 1, scope: claim, carve_out: true}]"},
            "a carve-out is priced line by line",
        ),
        (
            {"terms": "[{id: a, method: case_rate, amount: 1, percent: 50}]"},
            "`percent` says nothing to method case_rate",
        ),
        ({"terms": "[{id: a, method: not_payable, amount: 1}]"}, "which takes no such key at all"),
        ({"terms": "[{id: a, method: percent_of_medicare, schedule: mpfs-2025, percent: 135}]"}, "needs `locality`"),
        ({"terms": "[{id: a, method: percent_of_medicare, schedule: rbrvs, percent: 135}]"}, "`schedule` is 'rbrvs'"),
        (
            {"terms": "[{id: a, method: percent_of_medicare, schedule: mpfs-2025, percent: 135, locality: bay area}]"},
            "terms[1].locality: found 'bay area'; allowed is the Medicare carrier",
        ),
        ({"terms": "[{id: a, method: per_diem, tiers: [{amount: 1}, {amount: 2}]}]"}, "every tier but the last says"),
        (
            {
                "terms": "[{id: a, method: per_diem, tiers: "
                "[{through_day: 5, amount: 1}, {through_day: 5, amount: 1}, {amount: 2}]}]"
            },
            "`through_day` must rise",
        ),
        (
            {"terms": "[{id: a, method: not_payable, carve_out: maybe}]"},
            "carve_out: found 'maybe'; allowed are true and false",
        ),
        ({"terms": "[{id: a, method: not_payable, match: {procedure: []}}]"}, "match.procedure: the list is empty"),
        (
            {"terms": "[{id: a, method: not_payable, match: {procedure: [99213-5]}}]"},
            "found '5'; allowed is a procedure code",
        ),
        (
            {"terms": "[{id: a, method: not_payable, match: {drg: [470-1401]}}]"},
            "both ends of a range have the same number",
        ),
        ({"terms": "[{id: a, method: not_payable, match: {procedure: [99215-99202]}}]"}, "99215 comes after 99202"),
        (
            {"terms": "[{id: a, method: not_payable, match: {procedure: [null]}}]"},
            "found 'nothing'; allowed is a procedure",
        ),
        ({"terms": "[{id: a, method: not_payable, match: {minimum_charge: 5, maximum_charge: 1}}]"}, "exchange them"),
        (
            {"examples": "[{name: a, claim: {service_from: 2025-01-01, lines: [{}]}, expect: {}}]"},
            "say what is expected",
        ),
        (
            {"examples": "[{name: a, claim: {service_from: 2025-01-01, lines: [{}]}, expect: {lines: [1, 2]}}]"},
            "2 lines and `claim` 1",
        ),
        (
            {
                "examples": "[{name: a, claim: {service_from: 2025-01-01, "
                "lines: [{modifiers: [1, 2, 3, 4, 5]}]}, expect: {allowed: 1}}]"
            },
            "at most four modifiers",
        ),
    ],
)
def test_a_fault_is_named_by_file_line_and_key(changes: dict[str, str], message: str) -> None:
    reason = refused(small(**changes))
    assert "a.contract.yaml, line " in reason
    assert message in reason


def test_all_faults_are_named_at_once() -> None:
    reason = refused(small(lesser_of="never", appeal_days="soon", payer=""))
    assert [line.partition("a.contract.yaml, ")[2].split(":")[0] for line in reason.splitlines()] == [
        "line 1, payer",
        "line 5, lesser_of",
        "line 6, appeal_days",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SMALL + "payer: OTHER\n", "Line 6: `payer` is said twice, first on line 2"),
        (SMALL + "x: &bomb [a]\ny: *bomb\n", "Line 6: anchors and aliases"),
        (SMALL + "x: !!python/object:os.system ls\n", "Line 6: type tags"),
        (SMALL + "---\ncontract: b\n", "Line 6: a second document"),
        (
            SMALL + "\tx: 1\n",
            "Line 6: this is not YAML: found character '\\t' that cannot start any token (indent with spaces",
        ),
        (SMALL + "x: [1\n", "this is not YAML: expected ',' or ']'"),
        (SMALL + "? [a, b]\n: 1\n", "Line 6: a key is a single word"),
        (SMALL + "x: " + "[" * 3000 + "\n", "Line 6: nothing in a contract is nested deeper"),
        (SMALL + "x: \x07\n", "This is not YAML"),
        (SMALL + "#" * 1024 * 1024, "has at most 1,048,576 bytes"),
        ("- contract: a\n", "Line 1: a contract is a list of keys and values"),
        ("", "Line 1: a contract is a list of keys and values"),
        (SMALL.encode() + b"name: caf\xe9\n", "Line 6: the text is not UTF-8"),
    ],
    ids=range(13),
)
def test_hostile_yaml_is_refused_with_its_line(text: str | bytes, message: str) -> None:
    assert message in refused(text)


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
