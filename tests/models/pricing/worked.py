"""Contracts and rates for the prices worked by hand, and short ways to write claims."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.accuracy.oracle import Claim, Contract, Rate, Tables, Weight

JULY = date(2025, 7, 1)
TABLES = Tables(
    rates=[
        Rate("north", "99213", "88.95"),
        Rate("north", "99213", "63.72", setting="facility"),
        Rate("north", "99214", "130.00", end=date(2025, 6, 30)),
        Rate("north", "99214", "134.00", start=JULY),
        Rate("north", "70551", "193.43"),
        Rate("north", "70551", "67.28", modifier="26"),
        Rate("north", "70551", "126.15", modifier="TC"),
        Rate("north", "27447", "1257.63"),
        Rate("north", "49505", "515.60"),
        Rate("north", "45378", "327.67"),
        Rate("north", "10060", "10.01"),
        Rate("mpfs-2025/01112-05", "27447", "1257.63"),
        Rate("mpfs-2025/01112-05", "49505", "515.60"),
    ],
    weights=[Weight("ms-drg-2025", "194", "1.2345", end=date(2025, 9, 30)), Weight("ms-drg-2025", "194", "1.3")],
)
# Two rows of one weight set meet: the later start is meant, so the second holds from October on.
TABLES.weights[1] = Weight("ms-drg-2025", "194", "1.3", start=date(2025, 10, 1))


def contract(contract_id: str, terms: list[dict[str, Any]], **rules: Any) -> Contract:
    base = {
        "contract": contract_id,
        "payer": contract_id.upper(),
        "claim_types": ["professional", "institutional"],
        "effective": {"from": date(2025, 1, 1), "to": date(2025, 12, 31)},
        "terms": terms,
    }
    return base | rules


def claim(payer: str, *lines: dict[str, Any], **facts: Any) -> Claim:
    base = {"payer_id": payer.upper(), "claim_type": "professional", "service_from": date(2025, 3, 4)}
    return base | facts | {"lines": list(lines)}


def line(procedure: str | None, charge: str, units: str = "1", *modifiers: str, **facts: Any) -> dict[str, Any]:
    return {"procedure": procedure, "charge": charge, "units": units, "modifiers": list(modifiers), **facts}


def bed(revenue_code: str, charge: str, units: str = "1") -> dict[str, Any]:
    return line(None, charge, units, revenue_code=revenue_code)


ANY_SURGERY: dict[str, Any] = {"procedure": ["10004-69990"]}
FEES: dict[str, Any] = {"id": "fees", "method": "fee_schedule", "schedule": "north"}
INPATIENT: list[dict[str, Any]] = [
    {"id": "total-knee", "scope": "claim", "match": {"drg": ["469-470"]}, "method": "case_rate", "amount": "24500"},
    {
        "id": "implants",
        "carve_out": True,
        "match": {"revenue_code": ["0274-0278"], "minimum_charge": "1500"},
        "method": "percent_of_charge",
        "percent": "60",
    },
    {
        "id": "med-surg-days",
        "match": {"revenue_code": ["0110-0179"]},
        "method": "per_diem",
        "tiers": [{"through_day": 3, "amount": "2000"}, {"through_day": 5, "amount": "1800"}, {"amount": "1200"}],
    },
    {
        "id": "other-drg",
        "scope": "claim",
        "match": {"bill_type": ["11"]},
        "method": "drg_weight",
        "base_rate": "9800",
        "weight_set": "ms-drg-2025",
    },
]

CONTRACTS = [
    contract(
        "northfield",
        [
            {"id": "visits", "match": {"procedure": ["99202-99215"], "place_of_service": ["11"]}}
            | FEES
            | {"id": "visits"},
            {
                "id": "surgery",
                "match": ANY_SURGERY,
                "method": "percent_of_medicare",
                "schedule": "mpfs-2025",
                "locality": "01112-05",
                "percent": "135",
            },
            {"id": "drugs", "match": {"procedure": ["J0000-J9999"]}, "method": "per_unit", "amount": "12.40"},
            {"id": "cosmetic", "match": {"procedure": ["15780-15783"]}, "method": "not_payable"},
        ],
        lesser_of="line",
        modifiers={"50": "150", "52": "50", "62": "62.5", "80": "16", "AS": "13.6"},
        multiple_procedures={"percents": ["100", "50", "50"], "applies_to": ANY_SURGERY},
        default={"method": "percent_of_charge", "percent": "45"},
    ),
    contract("fees", [FEES], modifiers={"26": "80", "52": "50", "62": "62.5", "50": "150"}),
    contract("ranks", [FEES], multiple_procedures={"percents": ["100", "50", "25"]}, modifiers={"52": "50"}),
    contract("inpatient", INPATIENT, default={"method": "percent_of_charge", "percent": "40"}),
    contract("first-dollar", INPATIENT, stop_loss={"kind": "first_dollar", "threshold": "200000", "percent": "50"}),
    contract("second-dollar", INPATIENT, stop_loss={"kind": "second_dollar", "threshold": "200000", "percent": "50"}),
    contract("capped", [{"id": "flat", "method": "case_rate", "amount": "100"}], lesser_of="claim"),
    contract("half", [{"id": "half", "method": "percent_of_charge", "percent": "50"}]),
    contract(
        "old-year",
        [{"id": "flat", "method": "case_rate", "amount": "1"}],
        payer="YEARS",
        effective={"from": date(2024, 1, 1), "to": date(2024, 12, 31)},
        date_basis="discharge",
    ),
    contract("new-year", [{"id": "flat", "method": "case_rate", "amount": "2"}], payer="YEARS", date_basis="discharge"),
    contract("ppo", [{"id": "flat", "method": "case_rate", "amount": "3"}], payer="PLANS", products=["Choice Plus"]),
    contract("hmo", [{"id": "flat", "method": "case_rate", "amount": "4"}], payer="PLANS", products=["HMO"]),
    contract(
        "one-group",
        [{"id": "flat", "method": "case_rate", "amount": "5"}],
        payer="GROUPS",
        providers={"tax_ids": ["111111111"], "npis": ["1111111112"]},
    ),
    contract(
        "bundled-days",
        [{"id": "days", "scope": "claim", "match": {"bill_type": ["11"]}, "method": "per_diem", "amount": "1500"}],
    ),
]
