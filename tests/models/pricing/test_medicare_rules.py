"""CMS's own rules worked by hand on its national 2025 amounts (relative values × 32.3465, no locality)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.accuracy.oracle import Claim, Contract, Rate, Tables
from tests.accuracy.warehouse import Priced, price_claims
from tests.models.pricing.worked import claim, contract, line

SCHEDULE = "mpfs-2025/01112-05"
KNEE = {"multiple_procedure_indicator": "2", "bilateral_indicator": "1", "assistant_indicator": "2"}
KNEE |= {"cosurgeon_indicator": "1", "preoperative_percent": "0.10", "intraoperative_percent": "0.69"}
KNEE |= {"postoperative_percent": "0.21"}
SCOPE = {"multiple_procedure_indicator": "3", "bilateral_indicator": "1", "assistant_indicator": "0"}
SCOPE |= {"cosurgeon_indicator": "0", "endoscopic_base_code": "29870"}
COLON = {"multiple_procedure_indicator": "3", "bilateral_indicator": "0", "assistant_indicator": "1"}
COLON |= {"endoscopic_base_code": "45378"}
IMAGING = {"multiple_procedure_indicator": "4", "bilateral_indicator": "0"}
HEART = {"multiple_procedure_indicator": "6", "bilateral_indicator": "0"}
EYE = {"multiple_procedure_indicator": "7", "bilateral_indicator": "2"}
THERAPY = {"multiple_procedure_indicator": "5", "practice_expense_amount": "13.908995"}


OUTPATIENT = {"27447": "12000.00", "49505": "3200.00", "45378": "860.00", "45385": "1100.00", "93306": "500.00"}
OUTPATIENT |= {"99213": "120.00", "96372": "60.00", "J9035": "75.50"}


def rate(code: str, amount: str, indicators: dict[str, str], modifier: str = "") -> Rate:
    return Rate(SCHEDULE, code, amount, modifier, indicators=indicators)


TABLES = Tables(
    [
        rate("27447", "1257.63", KNEE),
        rate("49505", "515.60", KNEE),
        rate("29870", "412.74", KNEE),
        rate("29881", "538.25", SCOPE),
        rate("29880", "558.30", SCOPE),
        rate("45378", "327.67", {"multiple_procedure_indicator": "2", "bilateral_indicator": "0"}),
        rate("45378", "164.00", {"multiple_procedure_indicator": "2", "bilateral_indicator": "0"}, "53"),
        rate("45380", "414.68", COLON),
        rate("45385", "435.38", COLON),
        rate("70551", "193.43", IMAGING),
        rate("70551", "126.15", IMAGING, "TC"),
        rate("70551", "67.28", IMAGING, "26"),
        rate("93306", "187.93", HEART),
        rate("93306", "122.59", HEART, "TC"),
        rate("93306", "65.34", HEART, "26"),
        rate("92133", "29.76", EYE),
        rate("92133", "13.91", EYE, "TC"),
        rate("92133", "15.85", EYE, "26"),
        rate("97110", "28.79", THERAPY),
        rate("97140", "26.20", {"multiple_procedure_indicator": "5", "practice_expense_amount": "11.321275"}),
        rate("99213", "88.95", {"multiple_procedure_indicator": "0", "bilateral_indicator": "0"}),
        # a conversion factor and base units, both illustrative
        rate("00142", "20.31", {"base_units": "4"}),
        *(Rate("opps-2025/", code, amount) for code, amount in OUTPATIENT.items()),
    ],
    statuses={"27447": "J1", "49505": "J1", "45378": "T", "45385": "T", "93306": "S", "99213": "V"}
    | {"96372": "Q1", "36415": "Q4", "J1885": "N", "J9035": "G", "99999": "E1"},
)


def outpatient(contract_id: str, **rules: Any) -> Contract:
    terms = [{"id": "opps", "method": "percent_of_medicare", "schedule": "opps-2025", "percent": "100"}]
    return contract(contract_id, terms, default={"method": "percent_of_charge", "percent": "50"}, **rules)


def medicare(contract_id: str, percent: str, **rules: Any) -> Contract:
    terms = [{"id": "cms", "method": "percent_of_medicare", "schedule": "mpfs-2025", "locality": "01112-05"}]
    return contract(contract_id, [terms[0] | {"percent": percent}], **rules)


CONTRACTS = [
    medicare("cms", "100", modifiers="medicare", multiple_procedures="medicare"),
    medicare("plus", "135", modifiers="medicare", multiple_procedures="medicare"),
    medicare("plain", "100"),
    outpatient("hospital", multiple_procedures="medicare"),
    outpatient("separate"),
]

Case = tuple[str, Claim, list[str | None]]
CASES: list[Case] = [
    # 1,257.63 whole; 515.60 × 50%: together the published 1,515.43
    ("two procedures", claim("cms", line("27447", "9000"), line("49505", "9000")), ["1257.63", "257.80"]),
    # the same × 135%: 1,697.8005 and 348.03
    ("under 135 percent", claim("plus", line("27447", "9000"), line("49505", "9000")), ["1697.80", "348.03"]),
    (
        "without CMS's rules",
        claim("plain", line("27447", "9000"), line("49505", "9000", "1", "50")),
        ["1257.63", "515.60"],
    ),
    # a visit takes no rank
    ("a visit beside", claim("cms", line("99213", "200"), line("49505", "9000")), ["88.95", "515.60"]),
    # 515.60 × 150%, however both sides are said
    ("both sides by 50", claim("cms", line("49505", "9000", "1", "50")), ["773.40"]),
    ("both sides by RT and LT", claim("cms", line("49505", "9000", "1", "RT", "LT")), ["773.40"]),
    ("both sides by two units", claim("cms", line("49505", "9000", "2")), ["773.40"]),
    ("both sides said twice", claim("cms", line("49505", "9000", "2", "50")), ["773.40"]),
    # indicator 2: the amount is for both sides already; indicator 0: no second side to pay
    ("both sides in the amount", claim("cms", line("92133", "90", "2")), ["29.76"]),
    ("no bilateral payment", claim("cms", line("45378", "900", "1", "50")), ["327.67"]),
    # bilateral 773.40 outranks nothing of 1,257.63; second at half: 386.70
    (
        "bilateral before ranks",
        claim("cms", line("49505", "9000", "1", "50"), line("27447", "9000")),
        ["386.70", "1257.63"],
    ),
    # 16%, 13.6%, 62.5%; an indicator that never allows an assistant or a second surgeon
    ("assistant", claim("cms", line("27447", "900", "1", "80")), ["201.22"]),
    ("assistant, not a physician", claim("cms", line("27447", "900", "1", "AS")), ["171.04"]),
    ("assistant never paid", claim("cms", line("45385", "900", "1", "80")), ["0.00"]),
    ("second surgeon", claim("cms", line("27447", "900", "1", "62")), ["786.02"]),
    ("second surgeon never paid", claim("cms", line("29881", "900", "1", "62")), ["0.00"]),
    # parts of the global period: 10% + 69%, 21%, 69%
    ("surgical care only", claim("cms", line("27447", "900", "1", "54")), ["993.53"]),
    ("care after only", claim("cms", line("27447", "900", "1", "55")), ["264.10"]),
    ("back to the theatre", claim("cms", line("27447", "900", "1", "78")), ["867.76"]),
    ("no global period to share", claim("cms", line("99213", "200", "1", "55")), [None]),
    ("reduced service: by report", claim("cms", line("27447", "900", "1", "52")), [None]),
    ("a row of its own goes before by report", claim("cms", line("45378", "900", "1", "53")), ["164.00"]),
    # 435.38 whole; 414.68 − 327.67; the base code nothing
    (
        "an endoscopic family with its base",
        claim("cms", line("45378", "900"), line("45380", "900"), line("45385", "900")),
        ["0.00", "87.01", "435.38"],
    ),
    # family 435.38 + 87.01 = 522.39 ranks before 515.60, which is halved
    (
        "a family ranks as one",
        claim("cms", line("45380", "900"), line("45385", "900"), line("49505", "900")),
        ["87.01", "435.38", "257.80"],
    ),
    # 558.30 × 50% and (538.25 − 412.74) × 50% = 62.755
    (
        "a family behind a dearer operation",
        claim("cms", line("27447", "900"), line("29880", "900"), line("29881", "900")),
        ["1257.63", "279.15", "62.76"],
    ),
    ("one of a family alone", claim("cms", line("29881", "900"), line("27447", "900")), ["269.13", "1257.63"]),
    # the second: 126.15 × 50% + 67.28 × 95% = 126.991
    ("imaging twice", claim("cms", line("70551", "900"), line("70551", "900")), ["193.43", "126.99"]),
    # components rank apart: technical 63.075; professional 63.916
    (
        "imaging by components",
        claim("cms", line("70551", "900"), line("70551", "900", "1", "TC"), line("70551", "900", "1", "26")),
        ["193.43", "63.08", "63.92"],
    ),
    # 187.93 − 25% of 122.59
    ("heart twice", claim("cms", line("93306", "900"), line("93306", "900")), ["187.93", "157.28"]),
    # 29.76 − 20% of 13.91
    ("eyes twice", claim("cms", line("92133", "90"), line("92133", "90")), ["29.76", "26.98"]),
    # further units at 28.79 − half of 13.908995, to cents 21.84: 28.79 + 2 × 21.84
    ("therapy by units", claim("cms", line("97110", "300", "3")), ["72.47"]),
    # 97110 has the higher practice expense; 26.20 − half of 11.321275, to cents 20.54, twice
    ("therapy by codes", claim("cms", line("97140", "300", "2"), line("97110", "300")), ["41.08", "28.79"]),
    (
        "another provider's therapy",
        claim("cms", line("97110", "90", rendering="1444444442"), line("97110", "90", rendering="1555555552")),
        ["28.79", "28.79"],
    ),
    # 50 minutes are 3.3 units: (4 + 3.3) × 20.31 = 148.263; × 135% = 200.15505
    ("anesthesia", claim("cms", line("00142", "900", "50", unit_basis="MJ")), ["148.26"]),
    ("anesthesia under 135 percent", claim("plus", line("00142", "900", "50", unit_basis="MJ")), ["200.16"]),
    # 100 minutes are 6.7 units: (4 + 6.7) × 20.31 = 217.317; medically directed, half: 108.6585
    ("anesthesia directed", claim("cms", line("00142", "900", "100", "QK", unit_basis="MJ")), ["108.66"]),
    # its time is not known, or the supervision of more than four is by report
    ("anesthesia in units", claim("cms", line("00142", "900", "7", unit_basis="UN")), [None]),
    ("anesthesia supervised", claim("cms", line("00142", "900", "50", "AD", unit_basis="MJ")), [None]),
    # J1: the dearest comprehensive service is paid for all but the pass-through drug
    (
        "a comprehensive service",
        claim(
            "hospital",
            line("49505", "9000"),
            line("27447", "60000"),
            line("93306", "900"),
            line("J1885", "10"),
            line("J9035", "500"),
        ),
        ["0.00", "12000.00", "0.00", "0.00", "75.50"],
    ),
    # T: the dearest whole, the other half; N and, beside them, Q1 cost nothing; E1 has no rate: half its charge
    (
        "procedures of a day",
        claim(
            "hospital",
            line("45378", "900"),
            line("45385", "900"),
            line("96372", "90"),
            line("J1885", "10"),
            line("99999", "30"),
        ),
        ["430.00", "1100.00", "0.00", "0.00", "15.00"],
    ),
    ("a conditional code alone", claim("hospital", line("96372", "90"), line("J1885", "10")), ["60.00", "0.00"]),
    # without CMS's rules each code stands alone, and one without a rate falls to the default
    (
        "no packaging agreed",
        claim("separate", line("45378", "900"), line("45385", "900"), line("J1885", "10")),
        ["860.00", "1100.00", "5.00"],
    ),
]


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Priced:
    root = tmp_path_factory.mktemp("medicare") / "home"
    return price_claims(root, CONTRACTS, [case[1] for case in CASES], TABLES)


@pytest.mark.parametrize("position", range(len(CASES)), ids=[case[0] for case in CASES])
def test_price(priced: Priced, position: int) -> None:
    expected = [None if text is None else Decimal(text) for text in CASES[position][2]]
    assert [amount for amount, _ in priced.prices[position].lines] == expected


def test_anesthesia_tells_its_time(priced: Priced) -> None:
    position = next(number for number, case in enumerate(CASES) if case[0] == "anesthesia")
    steps = priced.rows(f"select inputs from int_pricing_steps where rule = 'term' and unit_id = {position}")
    assert steps == [("percent of medicare mpfs-2025 01112-05: 20.31 × 7.3 units, base and time of 50 minutes",)]
