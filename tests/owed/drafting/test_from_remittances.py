"""Contracts inferred from remittances: the rates that were paid are found again, and marked as inferred everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from owed.drafting.draft import Draft, write
from owed.drafting.from_remittances import draft_contracts
from owed.errors import WrongUseError
from owed.reports.stamp import Stamp

from .conftest import Loaded

STAMP = Stamp(date(2025, 12, 31), "20260101T010000Z-abc")
TABLES = """
create schema marts;
create table marts.fct_claims (
    claim_key varchar, payer_id varchar, claim_type varchar, plan_name varchar, place_of_service varchar,
    bill_type varchar, drg varchar, charge_amount decimal(18, 2), allowed_amount decimal(18, 2),
    denied_amount decimal(18, 2), service_from_date date, service_to_date date);
create table marts.fct_claim_lines (
    claim_key varchar, line_number integer, procedure_code varchar, modifiers varchar, revenue_code varchar,
    units decimal(18, 6), charge_amount decimal(18, 2), allowed_amount decimal(18, 2), denied_amount decimal(18, 2),
    service_date date);
"""
JUNE, JULY = date(2025, 6, 10), date(2025, 7, 20)


class Remittances:
    """Writes answered claims of one line each; what is not said is an office visit billed at 500.00 in March."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute(TABLES)
        self.count = 0

    def add(
        self,
        allowed: str,
        code: str | None = "99213",
        modifiers: str | None = None,
        *,
        times: int = 1,
        units: int = 1,
        charge: str = "500",
        denied: str = "0",
        on: date = date(2025, 3, 4),
        payer: str = "NORTH",
        plan: str | None = None,
        place: str | None = "11",
        revenue: str | None = None,
    ) -> None:
        kind = "professional" if place else "institutional"
        for _ in range(times):
            self._claim(payer, kind, plan, place, None if place else "131", None, charge, allowed, denied, on)
            self._line(1, code, modifiers, revenue, units, charge, allowed, denied, on)

    def stay(self, drg: str, allowed: str, charge: str, days: int, on: date = date(2025, 3, 4)) -> None:
        self._claim("NORTH", "institutional", None, None, "111", drg, charge, allowed, "0", on)
        self._line(1, None, None, "0120", days, charge, allowed, "0", on)

    def _claim(self, *values: object) -> None:
        self.count += 1
        marks = ", ".join("?" for _ in (*values, "key", "to"))
        self.con.execute(f"insert into marts.fct_claims values ({marks})", [f"c{self.count}", *values, values[-1]])

    def _line(self, *values: object) -> None:
        marks = ", ".join("?" for _ in (*values, "key"))
        self.con.execute(f"insert into marts.fct_claim_lines values ({marks})", [f"c{self.count}", *values])

    def drafts(self, payer: str = "NORTH") -> list[Draft]:
        return draft_contracts(self.con, payer, STAMP)


@pytest.fixture
def paid() -> Remittances:
    return Remittances()


def rates(draft: Draft) -> list[tuple[object, ...]]:
    """Code, modifier, setting, first and last day, amount."""
    return [
        (r.procedure_code, r.modifier, r.setting, r.effective_from, r.effective_to, r.amount) for r in draft.schedule
    ]


def money(amount: str) -> Decimal:
    return Decimal(amount)


MARCH_1 = date(2025, 3, 1)


def test_a_rate_for_one_unit(paid: Remittances) -> None:
    # 3 x 33.64 = 100.92 and 2 x 33.64 = 67.28.
    paid.add("100.92", "97110", units=3)
    paid.add("67.28", "97110", units=2)
    # 1.005 a unit, which no rate in cents gives: 10 x 1.005 = 10.05; 4 x 1.005 = 4.02.
    paid.add("10.05", "J3301", units=10)
    paid.add("4.02", "J3301", units=4)
    [draft] = paid.drafts()
    assert rates(draft) == [
        ("97110", "", "non_facility", MARCH_1, None, money("33.64")),
        ("J3301", "", "non_facility", MARCH_1, None, money("1.005")),
    ]


def test_what_is_paid_most_is_the_rate_and_the_rest_is_counted(paid: Remittances) -> None:
    paid.add("105.56", times=8)
    paid.add("97.01")
    paid.add("52.78")  # half: a second procedure
    paid.add("0", denied="500")
    [draft] = paid.drafts()
    assert rates(draft) == [("99213", "", "non_facility", MARCH_1, None, money("105.56"))]
    assert draft.review is not None
    [row] = [dict(zip(draft.review.columns, row, strict=True)) for row in draft.review.rows]
    assert (row["service_count"], row["explained_count"]) == (10, 8)
    assert (row["lowest_unit_amount"], row["highest_unit_amount"]) == (money("52.78"), money("105.56"))
    assert "8 of 10 services (80%) are explained to the cent." in draft.header
    assert "1 services were allowed exactly half or a quarter of their rate" in draft.stubs[0][0]


def test_settings_have_rates_of_their_own_where_they_differ(paid: Remittances) -> None:
    for place, visit in (("11", "90.00"), ("22", "60.00")):
        paid.add(visit, times=2, place=place)
        paid.add("45.00", "71046", times=2, place=place)
    [draft] = paid.drafts()
    assert rates(draft) == [
        ("71046", "", "", MARCH_1, None, money("45.00")),
        ("99213", "", "facility", MARCH_1, None, money("60.00")),
        ("99213", "", "non_facility", MARCH_1, None, money("90.00")),
    ]


def test_a_rate_that_changed_has_two_periods(paid: Remittances) -> None:
    paid.add("100.00", on=JUNE, times=3)
    paid.add("104.00", on=JULY, times=3)
    # A service of July paid at the old rate is a mistake, not a period.
    paid.add("100.00", on=date(2025, 9, 2))
    paid.add("104.00", on=date(2025, 9, 3), times=3)
    # Seen in March and in September alone: it changed when the other did.
    paid.add("50.00", "99212", on=date(2025, 3, 4), times=2)
    paid.add("52.00", "99212", on=date(2025, 9, 4), times=2)
    paid.add("70.00", "99214", on=date(2025, 6, 4), times=2)
    paid.add("73.00", "99214", on=date(2025, 7, 4), times=2)
    [draft] = paid.drafts()
    end, start = date(2025, 6, 30), date(2025, 7, 1)
    assert rates(draft) == [
        ("99212", "", "non_facility", MARCH_1, end, money("50.00")),
        ("99212", "", "non_facility", start, None, money("52.00")),
        ("99213", "", "non_facility", MARCH_1, end, money("100.00")),
        ("99213", "", "non_facility", start, None, money("104.00")),
        ("99214", "", "non_facility", MARCH_1, end, money("70.00")),
        ("99214", "", "non_facility", start, None, money("73.00")),
    ]


def test_a_change_within_a_month_is_dated_by_its_first_service(paid: Remittances) -> None:
    paid.add("100.00", on=date(2025, 5, 3), times=2)
    paid.add("100.00", on=date(2025, 6, 3), times=2)
    paid.add("104.00", on=date(2025, 6, 16), times=2)
    paid.add("104.00", on=date(2025, 7, 3), times=2)
    [draft] = paid.drafts()
    assert [row[3:] for row in rates(draft)] == [
        (date(2025, 5, 1), date(2025, 6, 15), money("100.00")),
        (date(2025, 6, 16), None, money("104.00")),
    ]


def test_two_rates_at_one_time_are_no_periods(paid: Remittances) -> None:
    for month in (3, 4, 5, 6):
        paid.add("100.00", on=date(2025, month, 3), times=2)
        paid.add("90.00", on=date(2025, month, 4))
    [draft] = paid.drafts()
    assert [row[5] for row in rates(draft)] == [money("100.00")]


def test_modifiers(paid: Remittances) -> None:
    paid.add("80.00", "70551", times=2)
    paid.add("20.00", "70551", "26", times=2)
    paid.add("200.00", "64483", times=2)
    paid.add("300.00", "64483", "50", times=2)  # 150 % of 200.00
    paid.add("300.00", "64483", "50:RT")
    paid.add("32.00", "64483", "80")  # 16 %, once: not enough to say
    paid.add("105.00", "99213", "25", times=2)
    [draft] = paid.drafts()
    assert draft.modifiers == {"50": Decimal(150)}
    assert [(row[0], row[1], row[5]) for row in rates(draft)] == [
        ("64483", "", money("200.00")),
        ("70551", "", money("80.00")),
        ("70551", "26", money("20.00")),
        ("99213", "", money("105.00")),
    ]


@pytest.mark.parametrize(("above", "expected"), [("80.00", "line"), ("92.50", None)])
def test_lesser_of_the_charge(paid: Remittances, loaded: Loaded, above: str, expected: str | None) -> None:
    paid.add("92.50", times=3)
    # Billed at 80.00: either the charge was paid, or the rate in spite of it.
    paid.add(above, charge="80.00")
    [draft] = paid.drafts()
    assert draft.lesser_of == expected
    assert [row[5] for row in rates(draft)] == [money("92.50")]


def test_a_percent_of_charge_where_it_explains_better(paid: Remittances, loaded: Loaded) -> None:
    # 48 % of 180.00 = 86.40; of 960.00 = 460.80; of 340.00 = 163.20.
    for revenue, charge, allowed in (("0250", "180", "86.40"), ("0710", "960", "460.80"), ("0270", "340", "163.20")):
        paid.add(allowed, None, place=None, revenue=revenue, charge=charge, times=2)
    # Charges differ and the amount does not: a rate.
    paid.add("112.00", "71046", place=None, revenue="0320", charge="385")
    paid.add("112.00", "71046", place=None, revenue="0320", charge="410")
    # 48 % of 1,180.00 and of 1,240.00, rates that differ: a percent.
    paid.add("566.40", "96413", place=None, revenue="0335", charge="1180")
    paid.add("595.20", "96413", place=None, revenue="0335", charge="1240")
    [draft] = paid.drafts()
    [contract] = loaded([draft])
    found = {
        term.id: (
            term.method,
            term.percent,
            sorted(code.low for key, code in term.match.ranges() if key != "bill_type"),
        )
        for term in contract.terms
    }
    assert found == {
        "inferred-percent-48-procedure": ("percent_of_charge", Decimal(48), ["96413"]),
        "inferred-percent-48-revenue": ("percent_of_charge", Decimal(48), ["0250", "0270", "0710"]),
        "inferred-fee-schedule": ("fee_schedule", None, []),
    }
    assert [(row[0], row[5]) for row in rates(draft)] == [("71046", money("112.00"))]


def test_a_revenue_code_paid_by_the_unit(paid: Remittances, loaded: Loaded) -> None:
    paid.add("300.00", None, place=None, revenue="0420", units=3)
    paid.add("200.00", None, place=None, revenue="0420", units=2, charge="400")
    [contract] = loaded(paid.drafts())
    [term] = contract.terms
    assert (term.id, term.method, term.amount) == ("inferred-revenue-0420", "per_unit", Decimal(100))


def test_stays(paid: Remittances, loaded: Loaded) -> None:
    # One price for group 470, however long and dear the stay.
    paid.stay("470", "26800.00", "90000", 2)
    paid.stay("470", "26800.00", "112000", 4)
    # 2,100.00 a day: 2 days 4,200.00; 3 days 6,300.00; 5 days 10,500.00.
    for drg, days, allowed in (("194", 2, "4200"), ("291", 3, "6300"), ("872", 5, "10500")):
        paid.stay(drg, allowed, str(20000 + days), days)
    paid.stay("003", "136482.40", "300000", 14)
    [draft] = paid.drafts()
    [contract] = loaded([draft])
    assert [(term.id, term.scope, term.amount) for term in contract.terms] == [
        ("inferred-case-rate-470", "claim", Decimal(26800)),
        ("inferred-per-diem", "claim", Decimal(2100)),
    ]
    assert draft.stubs[0][0].startswith("NEEDS A PERSON: 1 stays")


def test_stays_by_percent(paid: Remittances, loaded: Loaded) -> None:
    # 38 % of 10,000.00, 20,000.00, 31,000.00 and so on.
    for drg, charge, allowed in (
        ("194", "10000", "3800"),
        ("291", "20000", "7600"),
        ("291", "31000", "11780"),
        ("872", "41000", "15580"),
        ("065", "5000", "1900"),
    ):
        paid.stay(drg, allowed, charge, 3)
    [contract] = loaded(paid.drafts())
    assert [(term.id, term.percent) for term in contract.terms] == [("inferred-percent-of-charge", Decimal(38))]


def test_plans_are_told_apart_where_all_claims_name_one(paid: Remittances) -> None:
    paid.add("100.00", plan="PPO", times=2)
    paid.add("90.00", plan="HMO", times=2)
    assert [(draft.products, rates(draft)[0][5]) for draft in paid.drafts()] == [
        (["HMO"], money("90.00")),
        (["PPO"], money("100.00")),
    ]
    paid.add("100.00")
    assert [(draft.contract_id, draft.products) for draft in paid.drafts()] == [("north-professional-inferred", [])]


def test_inferred_is_written_everywhere(paid: Remittances, tmp_path: Path) -> None:
    paid.add("100.00", times=3)
    paid.add("70.00", on=JULY, times=7)
    [written] = write(paid.drafts(), tmp_path)
    assert len(written.files) == 3
    for path in map(Path, written.files):
        text = path.read_text()
        assert "inferred" in path.name
        assert all("inferred" in line for line in text.splitlines()[1:]) or path.suffix == ".yaml"
    contract = Path(written.files[0]).read_text()
    assert contract.startswith("# INFERRED from remittances of NORTH up to 2025-12-31")
    assert '"NORTH, professional (INFERRED from remittances, not agreed)"' in contract
    assert '- id: "inferred-fee-schedule"' in contract


def test_a_draft_that_explains_little_says_so(paid: Remittances) -> None:
    for cents in range(10):
        paid.add(f"10{cents}.00")
    [draft] = paid.drafts()
    assert any("Dispute nothing" in line for line in draft.header)


def test_a_payer_without_remittances(paid: Remittances) -> None:
    paid.add("100.00")
    with pytest.raises(WrongUseError, match=r"of payer SOUTH allows anything\. Payers with remittances: NORTH\."):
        paid.drafts("SOUTH")


def test_order_of_rows_does_not_matter(paid: Remittances) -> None:
    amounts: Sequence[str] = ("100.00", "100.00", "96.00", "96.00", "104.00")
    for amount in amounts:
        paid.add(amount)
    other = Remittances()
    for amount in reversed(amounts):
        other.add(amount)
    assert [rates(draft) for draft in paid.drafts()] == [rates(draft) for draft in other.drafts()]
