"""What is wrong with a contract is said with file, line and key, what was found and what is allowed."""

from __future__ import annotations

import pytest

from loaders.contracts.load import read_contract
from loaders.source import Refusal

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


def refused(text: str | bytes) -> str:
    with pytest.raises(Refusal) as caught:
        read_contract(text.encode() if isinstance(text, str) else text, "a.contract.yaml")
    assert caught.value.kind == "contract"
    return str(caught.value)


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
        (
            {"default": "{method: percent_of_medicare, schedule: opps-2025, percent: 100, wage_index: 93}"},
            "default.wage_index: found '93'; allowed is a number",
        ),
        (
            {
                "default": "{method: percent_of_medicare, schedule: mpfs-2025, percent: 100, locality: 01112-05, "
                "wage_index: 0.93}"
            },
            "`wage_index` says nothing to mpfs-2025",
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
