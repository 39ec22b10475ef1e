"""Prices worked by hand, rule by rule: contract, claim, and the arithmetic that makes the expected amounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from tests.accuracy.oracle import Claim
from tests.accuracy.warehouse import Priced, price_claims
from tests.models.pricing.worked import CONTRACTS, JULY, TABLES, bed, claim, line


@dataclass(frozen=True)
class Case:
    """`allowed` of the claim, `whole_by` what decided it as a whole, `lines` each line's amount (None: none)."""

    name: str
    claim: Claim
    allowed: str | None
    lines: tuple[str | None, ...]
    whole_by: str | None = None
    reason: str | None = None


CASES = [
    Case(
        "two procedures: the dearer whole, the other at half",
        claim("northfield", line("27447", "4000"), line("49505", "1800")),
        # 1,257.63 × 135% = 1,697.8005; 515.60 × 135% × 50% = 348.03
        "2045.83",
        ("1697.80", "348.03"),
    ),
    Case(
        "the charge caps the line",
        claim("northfield", line("27447", "1500"), place_of_service="11"),
        # 1,697.80 is above the charge
        "1500.00",
        ("1500.00",),
    ),
    Case(
        "modifiers multiply; a bilateral first procedure outranks",
        claim("northfield", line("49505", "9000", "1", "50"), line("27447", "9000", "1", "80")),
        # 515.60 × 135% × 150% = 1,044.09; 1,257.63 × 135% × 16% = 271.64808, second: × 50% = 135.82404
        "1179.91",
        ("1044.09", "135.82"),
    ),
    Case(
        "visit in the office by schedule, elsewhere by default",
        claim("northfield", line("99213", "200", place_of_service="11"), line("99213", "200", place_of_service="22")),
        # 88.95; no term takes place 22, so 45% of 200
        "178.95",
        ("88.95", "90.00"),
    ),
    Case(
        "a matched term without a rate for the code falls to the default",
        claim("northfield", line("99215", "300", place_of_service="11"), line("10021", "100")),
        # 45% of 300 and of 100; the second is surgery, alone of its rank
        "180.00",
        ("135.00", "45.00"),
    ),
    Case(
        "drugs by unit, and what is not payable is zero, not unknown",
        claim("northfield", line("J1885", "500", "7"), line("15781", "900")),
        # 12.40 × 7; the code is surgery too, but no Medicare rate is loaded for it
        "86.80",
        ("86.80", "0.00"),
    ),
    Case(
        "facility rate for place 22, non-facility for 11 and for none",
        claim(
            "fees",
            line("99213", "200", place_of_service="22"),
            line("99213", "200", place_of_service="11"),
            line("99213", "200"),
        ),
        # 63.72 + 88.95 + 88.95
        "241.62",
        ("63.72", "88.95", "88.95"),
    ),
    Case(
        "a modifier with a row of its own chooses the row and is not applied again",
        claim("fees", line("70551", "900", "1", "26"), line("70551", "900", "1", "52", "26")),
        # 67.28; 67.28 × 50% = 33.64
        "100.92",
        ("67.28", "33.64"),
    ),
    Case(
        "of two modifiers with rows the first on the line chooses, the other's percent applies",
        claim("fees", line("70551", "900", "1", "TC", "26"), line("70551", "900", "1", "26", "TC")),
        # 126.15 × 80% = 100.92; 67.28
        "168.20",
        ("100.92", "67.28"),
    ),
    Case(
        "bilateral co-surgery",
        claim("fees", line("10060", "900", "1", "50", "62")),
        # 10.01 × 150% × 62.5% = 10.01 × 93.75% = 9.384375
        "9.38",
        ("9.38",),
    ),
    Case(
        "the schedule's row goes by the line's service date",
        claim(
            "fees",
            line("99214", "200", service_date=date(2025, 6, 30)),
            line("99214", "200", service_date=JULY),
            service_from=date(2025, 6, 30),
        ),
        "264.00",
        ("130.00", "134.00"),
    ),
    Case(
        "a line without a rate and without a default is unknown, and so is the claim",
        claim("fees", line("99213", "200"), line("99999", "50")),
        None,
        ("88.95", None),
        reason="no_rate",
    ),
    Case(
        "ranks go by amount after modifiers, the last percent repeats, ties go by line number",
        claim(
            "ranks",
            line("10060", "900"),
            line("10060", "900"),
            line("45378", "900", "1", "52"),
            line("49505", "900", "2"),
        ),
        # 515.60 × 2 first whole = 1,031.20; 327.67 × 50% × 50% = 81.9175; 10.01 × 25% = 2.5025 twice
        "1118.12",
        ("2.50", "2.50", "81.92", "1031.20"),
    ),
    Case(
        "ranks are by rendering provider and day",
        claim(
            "ranks",
            line("27447", "9000", rendering="1444444442"),
            line("49505", "9000", rendering="1555555552"),
            line("45378", "9000", rendering="1555555552", service_date=date(2025, 3, 5)),
        ),
        # none is second to another
        "2100.90",
        ("1257.63", "515.60", "327.67"),
    ),
    Case(
        "half a cent goes up, once",
        claim("half", line("A4550", "10.01"), line("A4550", "10.03")),
        # 5.005 and 5.015
        "10.03",
        ("5.01", "5.02"),
    ),
    Case(
        "tiers run over the days of the term, in line order",
        claim("inpatient", bed("0120", "9000", "2"), bed("0250", "500"), bed("0121", "9000", "4"), bill_type="131"),
        # 2 × 2,000; 40% of 500; the third day 2,000, two at 1,800, the sixth 1,200
        "11000.00",
        ("4000.00", "200.00", "6800.00"),
    ),
    Case(
        "a part of a day takes its part of the tier",
        claim("inpatient", bed("0120", "9000", "3.5"), bill_type="131"),
        # 3 × 2,000 + 0.5 × 1,800
        "6900.00",
        ("6900.00",),
    ),
    Case(
        "case rate with an implant carved out",
        claim(
            "inpatient",
            bed("0278", "2000"),
            bed("0278", "1499.99"),
            bed("0120", "9000", "3"),
            drg="470",
            bill_type="111",
        ),
        # 24,500 + 60% of 2,000; the cheaper implant is in the case rate
        "25700.00",
        ("1200.00", None, None),
        "total-knee",
    ),
    Case(
        "case-mix weight in force at discharge",
        claim(
            "inpatient",
            bed("0120", "9000", "3"),
            drg="194",
            bill_type="117",
            service_from=date(2025, 9, 29),
            discharge=date(2025, 10, 1),
        ),
        # 9,800 × 1.3
        "12740.00",
        (None,),
        "other-drg",
    ),
    Case(
        "a weight set without the group falls to the line terms",
        claim("inpatient", bed("0120", "9000", "3"), drg="999", bill_type="111"),
        "6000.00",
        ("6000.00",),
    ),
    Case(
        "first-dollar stop-loss: charges exactly at the threshold do not trip it",
        claim("first-dollar", bed("0120", "200000", "1"), drg="470", bill_type="111"),
        "24500.00",
        (None,),
        "total-knee",
    ),
    Case(
        "first-dollar stop-loss replaces all but the carve-outs, whose charges do not count",
        claim("first-dollar", bed("0120", "200000.01", "1"), bed("0278", "10000"), drg="470", bill_type="111"),
        # 50% of 200,000.01 = 100,000.005; and 60% of 10,000
        "106000.01",
        (None, "6000.00"),
        "stop_loss",
    ),
    Case(
        "first-dollar stop-loss prices a claim whose lines have no rate",
        claim("first-dollar", bed("0450", "300000"), bill_type="131"),
        "150000.00",
        (None,),
        "stop_loss",
    ),
    Case(
        "second-dollar stop-loss adds to the base",
        claim("second-dollar", bed("0120", "200010", "1"), drg="470", bill_type="111"),
        # 24,500 + 50% of 10
        "24505.00",
        (None,),
        "stop_loss",
    ),
    Case(
        "the claim's charges cap its sum",
        claim("capped", line("A4550", "150"), line("A4550", "20")),
        # 100 + 100 against 170
        "170.00",
        (None, None),
        "lesser_of",
    ),
    Case(
        "a sum of just the charges is not capped",
        claim("capped", line("A4550", "150"), line("A4550", "50")),
        "200.00",
        ("100.00", "100.00"),
    ),
    Case(
        "the contract goes by discharge where it says so",
        claim("years", line("A4550", "9"), service_from=date(2024, 12, 30), discharge=date(2025, 1, 1)),
        "2.00",
        ("2.00",),
    ),
    Case(
        "without a discharge date the last service date serves",
        claim("years", line("A4550", "9"), service_from=date(2024, 12, 30), service_to=date(2024, 12, 31)),
        "1.00",
        ("1.00",),
    ),
    Case("a product in any case", claim("plans", line("A4550", "9"), plan_name="choice plus"), "3.00", ("3.00",)),
    Case(
        "no contract for the product",
        claim("plans", line("A4550", "9"), product_group="EPO"),
        None,
        (None,),
        reason="no_contract",
    ),
    Case(
        "two products, two contracts: ambiguous, not guessed",
        claim("plans", line("A4550", "9"), product_group="HMO", plan_name="Choice Plus"),
        None,
        (None,),
        reason="ambiguous_contract",
    ),
    Case(
        "a provider in both lists",
        claim("groups", line("A4550", "9"), billing_tax_id="111111111", billing_npi="1111111112"),
        "5.00",
        ("5.00",),
    ),
    Case(
        "a provider whose NPI is not listed",
        claim("groups", line("A4550", "9"), billing_tax_id="111111111", billing_npi="1999999992"),
        None,
        (None,),
        reason="no_contract",
    ),
    Case(
        "a claim-scoped per diem that names no lines counts accommodation days",
        claim("bundled-days", bed("0120", "9000", "2"), bed("0250", "500", "31"), bed("0200", "9000"), bill_type="111"),
        # 3 days of room and board; 31 tablets are no days
        "4500.00",
        (None, None, None),
        "days",
    ),
]


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> Priced:
    root = tmp_path_factory.mktemp("rules") / "home"
    return price_claims(root, CONTRACTS, [case.claim for case in CASES], TABLES)


@pytest.mark.parametrize("position", range(len(CASES)), ids=[case.name for case in CASES])
def test_price(priced: Priced, position: int) -> None:
    case, got = CASES[position], priced.prices[position]
    assert (got.reason, got.whole_by) == (case.reason, case.whole_by)
    assert [amount for amount, _ in got.lines] == [_money(amount) for amount in case.lines]
    assert got.allowed == _money(case.allowed)


def test_steps_tell_the_arithmetic(priced: Priced) -> None:
    steps = priced.rows(
        "select line_number, rule, clause, inputs, amount_before, amount_after from int_pricing_steps "
        "where unit_id = 0 order by line_number, step_number"
    )
    assert [(number, rule, after) for number, rule, _, _, _, after in steps] == [
        (0, "contract", None),
        (1, "term", Decimal("1697.80")),
        (2, "term", Decimal("696.06")),
        (2, "multiple_procedures", Decimal("348.03")),
    ]
    assert steps[1][3] == "percent of medicare mpfs-2025 01112-05: 1257.63 × 135% × 1"


def test_a_per_diems_steps_tell_each_tier(priced: Priced) -> None:
    """Two days, then four, with a line of drugs between: 2,000 to day 3, 1,800 to day 5, then 1,200."""
    position = next(
        number for number, case in enumerate(CASES) if case.claim["lines"][-1].get("revenue_code") == "0121"
    )
    steps = priced.rows(
        "select line_number, inputs, amount_after from int_pricing_steps where rule = 'term' "
        f"and unit_id = {position} and clause like 'med-surg-days%' order by line_number"
    )
    assert steps == [
        (1, "2 days after 0 before them: 2 × 2000", Decimal("4000.00")),
        (3, "4 days after 2 before them: 1 × 2000, 2 × 1800, 1 × 1200", Decimal("6800.00")),
    ]


def test_steps_end_in_the_price(priced: Priced) -> None:
    """Each priced line's last step, and each whole price's, is its expected amount."""
    differing = priced.rows(
        """
        with last_steps as (
            select unit_id, line_number, arg_max_null(amount_after, step_number) as amount
            from int_pricing_steps where rule <> 'contract' group by all
        ),
        prices as (
            select unit_id, line_number, expected_allowed_amount from int_priced_lines
            union all
            select unit_id, 0, expected_allowed_amount from int_priced_claims where is_claim_priced
        )
        select * from prices inner join last_steps using (unit_id, line_number)
        where expected_allowed_amount is distinct from amount
        """
    )
    assert differing == []


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
