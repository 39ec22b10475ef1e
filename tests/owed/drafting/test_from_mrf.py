"""Contracts drafted from a hospital's own file: every figure found again, every doubt said, nothing lost."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from loaders.contracts.model import Contract
from loaders.contracts.terms import Term
from owed.drafting.draft import Draft, write
from owed.drafting.from_mrf import draft_contracts
from owed.errors import OwedError, WrongUseError

from .conftest import Loaded

TODAY = date(2026, 1, 1)
PriceFile = Callable[..., Path]


def drafts_of(path: Path, payer: str = "Northfield Health", plan: str | None = "PPO") -> list[Draft]:
    return draft_contracts(path, payer, plan, "NORTHFIELD", TODAY)


def terms(contract: Contract) -> dict[str, Term]:
    return {term.id: term for term in contract.terms}


def matched(term: Term) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, codes in term.match.ranges():
        found.setdefault(key, []).append(codes.low if codes.low == codes.high else f"{codes.low}-{codes.high}")
    return found


def schedule(draft: Draft) -> list[tuple[str, str, str, Decimal]]:
    return [(row.schedule_id, row.procedure_code, row.modifier, row.amount) for row in draft.schedule]


@pytest.mark.parametrize(
    "name", ["V3.0.0_Tall_CSV_Format_Example.csv", "V3.0.0_Wide_CSV_Format_Example.csv", "v3_json_format_example.json"]
)
def test_the_example_of_cms(shared_dir: Path, loaded: Loaded, name: str) -> None:
    """The Region Health Insurance HMO of CMS's example, whose terms are there to be read."""
    path = shared_dir / "samples/mrf/cms_v3" / name
    [draft] = drafts_of(path, "REGION_HEALTH insurance", "hmo")
    [contract] = loaded([draft])
    assert (contract.payer, contract.products, contract.claim_types) == ("NORTHFIELD", ("HMO",), ("institutional",))
    assert contract.effective.start == date(2026, 4, 1)
    # 145 % x 60 % = 87 %: the modifiers together need no word of their own.
    assert contract.modifiers == {"50": Decimal(145), "62": Decimal(60)}
    found = terms(contract)
    assert [tier.model_dump() for tier in found["per-diem-inpatient"].tiers or ()] == [
        {"through_day": 3, "amount": Decimal(2000)},
        {"through_day": 5, "amount": Decimal(1800)},
        {"through_day": None, "amount": Decimal(1200)},
    ]
    joint = found["case-rate-inpatient"]
    assert (joint.scope, joint.amount, matched(joint)["drg"]) == ("claim", Decimal(14000), ["470"])
    bed = found["per-diem-inpatient-2"]
    assert (bed.amount, matched(bed)["revenue_code"]) == (Decimal(1400), ["0120"])
    emergency = found["percent-of-charge-outpatient"]
    assert (emergency.percent, matched(emergency)["procedure"]) == (Decimal(75), ["99283"])
    outpatient = "region-health-insurance-hmo-mrf-draft-outpatient"
    assert schedule(draft) == [
        (outpatient, "49505", "", Decimal(360)),
        (outpatient, "70551", "", Decimal(250)),
        (outpatient, "80048", "", Decimal(125)),
    ]
    said = "\n".join(line for stub in draft.stubs for line in stub)
    assert "NEEDS A PERSON: the file gives a formula in words (MS-DRG 786)" in said
    assert "entire claim will be reimbursed at 45% of charges" in said
    # Priced by formula: 4 items; by drug unit: 6 items.
    reasons = [row[9] for row in (draft.review.rows if draft.review else []) if row[9]]
    assert sorted(map(reasons.count, set(reasons))) == [4, 6]


def test_one_price_a_method(price_file: PriceFile, loaded: Loaded) -> None:
    path = price_file(
        {"code": "99213", "dollar": "92.50", "code2": "510", "type2": "RC"},
        {"code": "70551", "dollar": "400", "modifiers": "TC"},
        {"code": "0278", "type": "RC", "percent": "55", "method": "percent of total billed charges"},
        {"code": "0120", "type": "RC", "dollar": "2100", "method": "per diem", "setting": "inpatient"},
        {"code": "470", "type": "MS-DRG", "dollar": "26800", "method": "case rate", "setting": "inpatient"},
        {
            "code": "194",
            "type": "MS-DRG",
            "percent": "48",
            "method": "percent of total billed charges",
            "setting": "both",
        },
        {"code": "59510", "dollar": "9000", "method": "case rate", "setting": "both"},
        {"code": "59400", "dollar": "9000", "method": "case rate", "setting": "both"},
    )
    [draft] = drafts_of(path)
    [contract] = loaded([draft])
    found = terms(contract)
    outpatient = "northfield-health-ppo-mrf-draft-outpatient"
    assert schedule(draft) == [(outpatient, "70551", "TC", Decimal(400)), (outpatient, "99213", "", Decimal("92.5"))]
    assert found["fee-schedule-outpatient"].schedule == outpatient
    assert "procedure" not in matched(found["fee-schedule-outpatient"])
    implants = found["percent-of-charge-outpatient"]
    assert (implants.scope, implants.percent, matched(implants)["revenue_code"]) == ("line", Decimal(55), ["0278"])
    stay = found["percent-of-charge"]
    assert (stay.scope, stay.percent, matched(stay)) == ("claim", Decimal(48), {"drg": ["194"]})
    births = found["case-rate"]
    assert (births.scope, births.amount, matched(births)) == ("claim", Decimal(9000), {"procedure": ["59400", "59510"]})
    assert matched(found["case-rate-inpatient"])["bill_type"][0] == "11"
    assert (found["per-diem-inpatient"].amount, found["per-diem-inpatient"].scope) == (Decimal(2100), "line")
    assert not draft.stubs


def test_what_is_narrower_is_tried_first(price_file: PriceFile, loaded: Loaded) -> None:
    path = price_file(
        {"code": "99213", "dollar": "90", "setting": "both"},
        {"code": "99213", "percent": "60", "method": "percent of total billed charges", "setting": "inpatient"},
        {"code": "99214", "percent": "50", "method": "percent of total billed charges", "setting": "both"},
        {
            "code": "99214",
            "percent": "40",
            "method": "percent of total billed charges",
            "setting": "both",
            "modifiers": "25",
        },
    )
    [contract] = loaded(drafts_of(path))
    order = [(term.method, term.percent) for term in contract.terms]
    assert order == [
        ("percent_of_charge", Decimal(60)),
        ("percent_of_charge", Decimal(40)),
        ("percent_of_charge", Decimal(50)),
        ("fee_schedule", None),
    ]


def test_a_price_by_revenue_code_keeps_it(price_file: PriceFile, loaded: Loaded) -> None:
    path = price_file(
        {"code": "96365", "dollar": "200", "code2": "260", "type2": "RC"},
        {"code": "96365", "dollar": "310", "code2": "450", "type2": "RC"},
        {"code": "96366", "dollar": "50", "code2": "260", "type2": "RC"},
        {"code": "96366", "dollar": "50", "code2": "450", "type2": "RC"},
    )
    [draft] = drafts_of(path)
    [contract] = loaded([draft])
    by_revenue = {
        (matched(term)["revenue_code"][0], matched(term)["procedure"][0]): (term.method, term.amount)
        for term in contract.terms
        if term.method == "per_unit"
    }
    assert by_revenue == {
        ("0260", "96365"): ("per_unit", Decimal(200)),
        ("0450", "96365"): ("per_unit", Decimal(310)),
    }
    assert [row[1] for row in schedule(draft)] == ["96366"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"code": "1", "formula": "110% of invoice", "method": "other"}], "a formula in words"),
        ([{"code": "99213", "percent": "115"}], "a percentage and not of what"),
        (
            [{"code": "99213", "dollar": "80", "method": "percent of total billed charges"}],
            "percent of charges and gives dollars",
        ),
        ([{"code": "J1450", "type": "HCPCS", "dollar": "35", "unit": "100", "unit_type": "ML"}], "for a drug unit"),
        ([{"code": "0093-8739-01", "type": "NDC", "dollar": "3"}], "no code of the item"),
        ([{"code": "99213-99215", "dollar": "3"}], "not spelled as claims"),
        ([{"code": "99213", "dollar": "3", "modifiers": "26|59"}], "several modifiers together"),
        (
            [{"code": "0762", "type": "RC", "dollar": "8000"}, {"code": "0762", "type": "RC", "dollar": "9000"}],
            "several prices",
        ),
        (
            [{"code": "0120", "type": "RC", "dollar": "9", "method": "per diem", "what": "days 2-4"}],
            "from the first day on",
        ),
        ([{"code": "99213", "notes": "ask"}], "gives no figure"),
        ([{"type": "", "modifiers": "50", "notes": "half as much again"}], "a formula in words"),
        ([{"type": "", "modifiers": "50|62", "percent": "90"}], "several modifiers together"),
    ],
)
def test_what_needs_a_person_says_why(
    price_file: PriceFile, loaded: Loaded, rows: list[dict[str, str]], reason: str
) -> None:
    [draft] = drafts_of(price_file({"code": "99299", "dollar": "1"}, *rows))
    [contract] = loaded([draft])
    assert [term.method for term in contract.terms] == ["fee_schedule"]
    assert [row[1] for row in schedule(draft)] == ["99299"]
    assert contract.modifiers == {}
    assert draft.stubs
    for stub in draft.stubs:
        assert stub[0].startswith("NEEDS A PERSON") and reason in stub[0]
    assert draft.review is not None
    assert [bool(row[9]) for row in draft.review.rows] == [False] + [True] * len(rows)


def test_what_a_file_says_stays_a_comment(price_file: PriceFile, loaded: Loaded, tmp_path: Path) -> None:
    hostile = "x\nterms: [{id: evil}]\r# \u2028default: {method: percent_of_charge, percent: 99}"
    path = price_file(
        {"code": "470", "type": "MS-DRG", "dollar": "5", "notes": hostile},
        {"code": "471", "type": "MS-DRG", "formula": "=1+1 " + hostile},
        provisions=hostile,
    )
    [contract] = loaded(drafts_of(path))
    assert [term.id for term in contract.terms] == ["case-rate-outpatient"]
    assert contract.default is None
    with next((tmp_path / "drafts").glob("*.review.csv")).open(newline="") as stream:
        assert [row[10] for row in csv.reader(stream)][2].startswith("'=1+1 x")


def test_professional_charges_make_a_contract_of_their_own(price_file: PriceFile, loaded: Loaded) -> None:
    path = price_file(
        {"code": "99213", "dollar": "50", "class": "professional", "setting": "both"},
        {"code": "99213", "dollar": "80", "class": "facility", "setting": "inpatient"},
        {"code": "31500", "dollar": "90", "class": "professional", "setting": "inpatient"},
    )
    institutional, professional = loaded(drafts_of(path))
    assert (institutional.claim_types, professional.claim_types) == (("institutional",), ("professional",))
    assert institutional.contract != professional.contract
    inpatient = terms(professional)["fee-schedule-inpatient"]
    assert "21" in matched(inpatient)["place_of_service"]


def test_a_payer_or_plan_that_is_not_there_is_named(price_file: PriceFile) -> None:
    path = price_file({"code": "99213", "dollar": "5"}, {"code": "99214", "dollar": "5", "plan": "HMO"})
    with pytest.raises(WrongUseError, match=r"no such payer and plan.*Northfield Health / PPO \(1\)"):
        drafts_of(path, "Bluestone")
    with pytest.raises(WrongUseError, match="choose one with --plan"):
        drafts_of(path, plan=None)
    with pytest.raises(WrongUseError, match="There is no file"):
        drafts_of(path.with_name("other.csv"))


def test_nothing_to_price_and_no_price_file(price_file: PriceFile, tmp_path: Path) -> None:
    with pytest.raises(OwedError, match=r"Nothing prices.csv says of this plan becomes a term.*formula"):
        drafts_of(price_file({"code": "99213", "formula": "ask the payer"}))
    other = tmp_path / "other.csv"
    other.write_text("schedule_id,procedure_code,amount\nx,99213,5\n")
    with pytest.raises(OwedError, match="no hospital price-transparency file"):
        drafts_of(other)


def test_a_reviewed_draft_is_never_written_over(price_file: PriceFile, tmp_path: Path) -> None:
    drafts = drafts_of(price_file({"code": "99213", "dollar": "5"}))
    [written] = write(drafts, tmp_path / "out")
    contract = Path(written.files[0])
    contract.write_text("reviewed")
    with pytest.raises(WrongUseError, match="is there already"):
        write(drafts, tmp_path / "out")
    assert contract.read_text() == "reviewed"
