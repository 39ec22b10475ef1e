"""Contracts and claims by a seed, crowded where rules meet: range ends, ties, exact thresholds, half cents."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.accuracy.oracle import Claim, Contract, Rate, Tables, Weight

CODES = ("10003", "10004", "27447", "49505", "69990", "69991", "99202", "99213", "99215", "15780", "15783", "J0000")
OTHER_CODES = ("J1234", "J9999", "A4550", "0001T", None)
REVENUE = ("0110", "0120", "0179", "0180", "0200", "0274", "0278", "0279", "0450", "0636", None)
MODIFIERS = ("26", "TC", "50", "52", "62", "80", "AS", "59", "LT")
PLACES = ("11", "19", "21", "22", "24", "61", "62")
BILL_TYPES = ("111", "114", "117", "121", "131", "851")
DRGS = ("001", "468", "469", "470", "471")
DIAGNOSES = ("M1711", "M17", "M1812", "Z0000", "I10")
CHARGES = ("0", "0.01", "0.03", "10.01", "33.33", "99.99", "100", "1499.99", "1500", "1500.01", "2500", "5000.55")
UNITS = ("0", "0.5", "1", "1", "1", "1", "2", "3", "3", "4", "5.25", "7", "12")
PERCENTS = ("100", "50", "33.333333", "112.5", "62.5", "45", "0.5", "135", "87.25")
AMOUNTS = ("0.01", "0.125", "0.333333", "10.01", "12.40", "100", "1000.005", "88.95", "24500", "5.55")
METHODS = (
    *(["fee_schedule"] * 6 + ["percent_of_medicare"] * 3 + ["percent_of_charge"] * 2 + ["per_diem"] * 2),
    *("case_rate", "drg_weight", "per_unit", "not_payable"),
)
YEAR = date(2025, 1, 1)
# The edges of periods, and days within them.
DAYS = (-1, 0, 179, 180, 181, 364, 365, *range(10, 360, 29))


@dataclass(frozen=True)
class Case:
    contracts: list[Contract]
    claims: list[Claim]
    tables: Tables


def generate(seed: int, payers: int, claims_per_payer: int) -> Case:
    rng = random.Random(seed)
    tables = _tables(rng)
    contracts: list[Contract] = []
    claims: list[Claim] = []
    for payer in range(payers):
        own = _contracts(rng, f"PAYER{payer}")
        contracts += own
        claims += [_claim(rng, f"PAYER{payer}", rng.choice(own)) for _ in range(claims_per_payer)]
    return Case(contracts, claims, tables)


def _tables(rng: random.Random) -> Tables:
    rates = []
    middle = YEAR + timedelta(days=180)
    for schedule in ("fees-a", "fees-b", "mpfs-2025/01112-05", "mpfs-2025/10112-00"):
        is_medicare = schedule.startswith("mpfs")
        for code in filter(None, CODES + OTHER_CODES):
            if rng.random() < 0.15:
                continue
            for modifier, chance in (("", 1), ("26", 0.4), ("TC", 0.3), ("50", 0.3)):
                for setting, setting_chance in (("", 0.8), ("facility", 0.5), ("non_facility", 0.4)):
                    if rng.random() > chance * setting_chance:
                        continue
                    periods = [(date.min, date.max), (YEAR, middle), (middle, date.max)]
                    chosen = periods[:1] if rng.random() < 0.5 else periods[1:]
                    for start, end in chosen:
                        amount = f"{rng.randint(1, 400000) / 100:.2f}" if is_medicare else rng.choice(AMOUNTS)
                        rates.append(Rate(schedule, code, amount, modifier, setting, start, end))
    weights = [
        Weight("ms-drg", drg, rng.choice(("0.5", "1.2345", "3.14159", "5")), start, end)
        for drg in DRGS[:4]
        for start, end in ((date.min, middle), (middle + timedelta(days=1), date.max))
        if rng.random() < 0.8
    ]
    return Tables(rates, weights)


def _contracts(rng: random.Random, payer: str) -> list[Contract]:
    """One payer's contracts, kept apart by product, year, claim type or provider."""
    kind = rng.choice(("one", "products", "years", "claim_types", "providers"))
    count = 1 if kind == "one" else 2
    contracts: list[Contract] = []
    for number in range(count):
        contract = _terms_and_rules(rng, f"{payer.lower()}-{number}", payer)
        if kind == "products":
            contract["products"] = ["PPO", "Choice Plus"] if number == 0 else ["HMO"]
        if kind == "years":
            contract["effective"] = (
                {"from": YEAR, "to": date(2025, 6, 30)} if number == 0 else {"from": date(2025, 7, 1)}
            )
            contract["date_basis"] = contracts[0]["date_basis"] if contracts else contract["date_basis"]
        if kind == "claim_types":
            contract["claim_types"] = ["professional"] if number == 0 else ["institutional", "dental"]
        if kind == "providers":
            contract["providers"] = {"tax_ids": ["111111111"]} if number == 0 else {"tax_ids": ["222222222"]}
            if rng.random() < 0.5:
                contract["providers"]["npis"] = ["1111111112", "1999999992"]
        contracts.append(contract)
    return contracts


def _terms_and_rules(rng: random.Random, contract_id: str, payer: str) -> Contract:
    contract: Contract = {
        "contract": contract_id,
        "payer": payer,
        "claim_types": ["professional", "institutional"],
        "effective": {"from": YEAR, "to": date(2025, 12, 31)},
        "date_basis": rng.choice(("service_from", "admission", "discharge")),
        "lesser_of": rng.choice(("none", "line", "line", "claim")),
        "terms": [_term(rng, f"term-{number}") for number in range(rng.randint(2, 8))],
    }
    if rng.random() < 0.6:
        contract["modifiers"] = {m: rng.choice((*PERCENTS, "150", "13.6", "16")) for m in rng.sample(MODIFIERS, 5)}
    if rng.random() < 0.6:
        contract["multiple_procedures"] = {
            "percents": rng.choice((["100", "50"], ["100", "50", "25"], ["100", "33.333333", "62.5"])),
        }
        if rng.random() < 0.7:
            contract["multiple_procedures"]["applies_to"] = {"procedure": ["10004-69990"]}
    if rng.random() < 0.4:
        contract["stop_loss"] = {
            "kind": rng.choice(("first_dollar", "second_dollar")),
            "threshold": rng.choice(("1500", "3000", "5000.55", "100")),
            "percent": rng.choice(PERCENTS),
        }
    if rng.random() < 0.6:
        contract["default"] = rng.choice(
            (
                {"method": "percent_of_charge", "percent": "45"},
                {"method": "fee_schedule", "schedule": "fees-b", "percent": "112.5"},
                {"method": "not_payable"},
                {"method": "per_unit", "amount": "0.125"},
            )
        )
    return contract


def _term(rng: random.Random, term_id: str) -> dict[str, Any]:
    method = rng.choice(METHODS)
    scope = "line"
    if method == "drg_weight" or (method in ("case_rate", "percent_of_charge", "per_diem") and rng.random() < 0.4):
        scope = "claim"
    term: dict[str, Any] = {"id": term_id, "method": method, "scope": scope}
    if scope == "line" and rng.random() < 0.25:
        term["carve_out"] = True
    match = _match(rng, scope)
    if match:
        term["match"] = match
    if method == "fee_schedule":
        term |= {"schedule": rng.choice(("fees-a", "fees-b", "fees-none"))}
        if rng.random() < 0.5:
            term["percent"] = rng.choice(PERCENTS)
    elif method == "percent_of_medicare":
        term |= {"schedule": "mpfs-2025", "locality": rng.choice(("01112-05", "10112-00"))}
        term |= {"percent": rng.choice(PERCENTS)}
    elif method == "percent_of_charge":
        term |= {"percent": rng.choice(PERCENTS)}
    elif method in ("case_rate", "per_unit"):
        term |= {"amount": rng.choice(AMOUNTS)}
    elif method == "per_diem":
        if rng.random() < 0.3:
            term |= {"amount": rng.choice(AMOUNTS)}
        else:
            term["tiers"] = [{"through_day": 3, "amount": "2000"}, {"through_day": 5, "amount": "1800.125"}]
            term["tiers"].append({"amount": "1200"})
    elif method == "drg_weight":
        term |= {"base_rate": "9800.005", "weight_set": "ms-drg"}
    return term


def _match(rng: random.Random, scope: str) -> dict[str, Any]:
    match: dict[str, Any] = {}
    claim_keys = {"drg": ["469-470", "001"], "bill_type": ["11", "85"], "diagnosis": ["M17", "I10-I15"]}
    line_keys: dict[str, list[list[str] | str]] = {
        "procedure": [["10004-69990"], ["99202-99215", "27447"], ["J0000-J9999"], ["15780-15783", "49505", "0001T"]],
        "revenue_code": [["0110-0179"], ["0274-0278", "0636"], ["0450"]],
        "modifier": [["50", "LT"], ["26"]],
        "place_of_service": [["11"], ["21-24"]],
        "minimum_charge": ["1500"],
        "maximum_charge": ["1500"],
        "minimum_units": ["3"],
    }
    for key, values in claim_keys.items():
        if rng.random() < (0.35 if scope == "claim" else 0.1):
            match[key] = values
    for key, choices in line_keys.items():
        chance = {"procedure": 0.5, "revenue_code": 0.2}.get(key, 0.07)
        if rng.random() < chance:
            match[key] = rng.choice(choices)
    return match


def _claim(rng: random.Random, payer: str, contract: Contract) -> Claim:
    """A claim that its payer's contract mostly takes."""
    start = YEAR + timedelta(days=rng.choice(DAYS))
    claim: Claim = {
        "payer_id": payer if rng.random() < 0.97 else "NOBODY",
        "claim_type": rng.choice(contract["claim_types"]),
        "product_group": rng.choice((None, "ppo", "HMO", "EPO")),
        "plan_name": rng.choice((None, "CHOICE PLUS", "CHOICE PLUS", "Gold")),
        "filing_code": rng.choice((None, "CI", "CI", "CI", "HMO")),
        "billing_tax_id": rng.choice((*["111111111"] * 4, *["222222222"] * 4, "333333333", None)),
        "billing_npi": rng.choice((*["1111111112"] * 4, "1333333332", None)),
        "place_of_service": rng.choice((*PLACES, None)),
        "bill_type": rng.choice((*BILL_TYPES, None)),
        "drg": rng.choice((*DRGS, None, None)),
        "diagnosis": rng.choice((*DIAGNOSES, None)),
        "service_from": start,
        "service_to": start + timedelta(days=rng.choice((0, 0, 1, 5))),
        "admission": rng.choice((None, start - timedelta(days=1))),
        "discharge": rng.choice((None, start + timedelta(days=rng.choice((0, 2, 6))))),
    }
    claim["lines"] = [_line(rng, claim) for _ in range(rng.choice((1, 1, 2, 3, 3, 5, 8)))]
    if rng.random() < 0.3:
        # Two lines of one amount: ranks must go by line number.
        claim["lines"].append(dict(claim["lines"][0]))
    return claim


def _line(rng: random.Random, claim: Claim) -> dict[str, Any]:
    return {
        "procedure": rng.choice(CODES + OTHER_CODES),
        "modifiers": rng.sample(MODIFIERS, rng.choice((0, 0, 0, 1, 1, 2, 4))),
        "revenue_code": rng.choice(REVENUE),
        "units": rng.choice(UNITS),
        "charge": rng.choice(CHARGES),
        "place_of_service": rng.choice((None, None, None, "11", "22")),
        "service_date": rng.choice((None, claim["service_from"], claim["service_from"] + timedelta(days=1))),
        "rendering": rng.choice((None, "1444444442", "1555555552")),
    }
