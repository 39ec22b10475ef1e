"""A small fictional provider: two thousand claims, worked through to postings.

Money is in whole cents here and becomes DECIMAL(18,2) when written. Every choice comes from one seeded generator, so
two builds are equal. Names are visibly fictional.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

AS_OF = date(2025, 9, 30)
FIRST_SERVICE = date(2024, 7, 1)
Record = dict[str, Any]

# payer, name, class, share of the claims, percent of charge agreed (None: no contract), days to pay
PAYERS: tuple[tuple[str, str, str, float, int | None, int], ...] = (
    ("NORTHFIELD", "Northfield Health", "commercial", 0.28, 62, 24),
    ("LAKEMONT", "Lakemont Mutual", "commercial", 0.18, 58, 33),
    ("MEDICARE", "Medicare (sample)", "medicare", 0.24, 41, 15),
    ("SUMMITMA", "Summit Advantage", "medicare_advantage", 0.12, 42, 28),
    ("STATECARE", "Statecare Medicaid", "medicaid", 0.10, 31, 36),
    ("VALLEYMCO", "Valley Community Plan", "managed_medicaid", 0.05, 33, 41),
    ("HARBORWC", "Harbor Workers Compensation", "workers_comp", 0.03, None, 52),
)
CODES = (("99213", 18900), ("99214", 27600), ("27447", 812000), ("49505", 264000), ("70551", 142000),
         ("97110", 9400), ("45378", 118000), ("J1100", 4200), ("93306", 96000), ("36415", 2300))  # fmt: skip
CAUSES = ("stale_rate", "multiple_procedure_reduction", "recoded", "modifier_ignored", "units_changed", "unexplained")
REASONS = (("197", "authorisation", True), ("16", "information", True), ("50", "medical_necessity", False),
           ("29", "timely_filing", True), ("18", "duplicate", True), ("27", "eligibility", True))  # fmt: skip


@dataclass
class World:
    """Rows by table name, money still in cents."""

    tables: dict[str, list[Record]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> Record:
        self.tables.setdefault(table, []).append(row)
        return row


def make_world(claim_count: int = 2000, seed: int = 20250930) -> World:
    """The claims, lines, variances, denials, postings and remittances of a fictional provider."""
    chance = random.Random(seed)
    world = World()
    for payer_id, name, payer_class, _, percent, _ in PAYERS:
        world.add(
            "dim_payers", payer_id=payer_id, payer_name=name, payer_class=payer_class, is_unlisted=percent is None
        )
        if percent is not None:
            world.add(
                "dim_contracts",
                contract_id=f"{payer_id.lower()}-2025",
                contract_name=f"{name}, {percent}% of charges",
                payer_id=payer_id,
                effective_from=date(2024, 1, 1),
                effective_to=date(2025, 12, 31),
                timely_filing_days=180,
                appeal_days=180,
            )
    for number in range(claim_count):
        _claim(world, chance, number)
    return world


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _claim(world: World, chance: random.Random, number: int) -> None:
    payer_id, _, payer_class, _, percent, lag = chance.choices(PAYERS, weights=[payer[3] for payer in PAYERS])[0]
    key, claim_id = _key(f"claim {number}"), f"DEMO{number:06d}"
    service = FIRST_SERVICE + timedelta(days=int(chance.random() ** 0.9 * (AS_OF - FIRST_SERVICE).days))
    submitted = min(service + timedelta(days=chance.randint(1, 9)), AS_OF)
    contract_id = None if percent is None else f"{payer_id.lower()}-2025"
    postings = _Postings(world, key)
    lines: list[Record] = []
    for line_number in range(1, chance.choices((1, 2, 3, 4), weights=(45, 30, 17, 8))[0] + 1):
        code, charge = chance.choice(CODES)
        expected = None if percent is None else (charge * percent + 50) // 100
        lines.append({"line_number": line_number, "code": code, "charge": charge, "expected": expected})
    charge = sum(line["charge"] for line in lines)
    postings.post(submitted, "charge", "primary_payer", charge)
    remit = service + timedelta(days=max(6, int(chance.gauss(lag + 8, 7))))
    answered = remit <= AS_OF and chance.random() > 0.02
    claim = world.add(
        "fct_claims", claim_key=key, claim_id=claim_id, payer_id=payer_id, payer_class=payer_class,
        contract_id=contract_id, claim_type="institutional" if chance.random() < 0.2 else "professional",
        billing_npi=chance.choice(("1999999984", "1999999992")), patient_key=_key(f"patient {number % 1300}"),
        service_from_date=service, service_to_date=service, first_submitted_date=submitted,
        first_remit_date=remit if answered else None, charge_amount=charge,
        expected_allowed_amount=_total(lines, "expected"), origin="claim",
    )  # fmt: skip
    if answered:
        _adjudicate(world, chance, claim, lines, remit, postings)
    for line in lines:
        world.add(
            "fct_claim_lines", claim_key=key, line_number=line["line_number"], procedure_code=line["code"],
            modifiers="", revenue_code=None, units=1, service_date=service, charge_amount=line["charge"],
            expected_allowed_amount=line["expected"], allowed_amount=line.get("allowed"),
            payer_paid_amount=line.get("paid"), patient_responsibility_amount=line.get("share"),
            contractual_amount=line.get("contractual"), denied_amount=line.get("denied"),
        )  # fmt: skip
    for column, source in (("allowed_amount", "allowed"), ("payer_paid_amount", "paid"),
                           ("patient_responsibility_amount", "share"), ("contractual_amount", "contractual"),
                           ("denied_amount", "denied")):  # fmt: skip
        claim[column] = _total(lines, source)


def _total(lines: list[Record], name: str) -> int | None:
    amounts: list[int] = [line[name] for line in lines if line.get(name) is not None]
    return sum(amounts) if len(amounts) == len(lines) else None


class _Postings:
    def __init__(self, world: World, key: str) -> None:
        self.world, self.key, self.segment = world, key, 0

    def post(self, day: date, kind: str, responsibility: str, cents: int) -> None:
        """One posting, unless it is nothing or still to come."""
        if cents == 0 or day > AS_OF:
            return
        self.segment += 1
        self.world.add(
            "fct_account_ledger", claim_key=self.key, posted_date=day, posting_type=kind,
            responsibility=responsibility, amount=cents, source_file_id=_key(str(day)), source_segment=self.segment,
        )  # fmt: skip


def _adjudicate(
    world: World, chance: random.Random, claim: Record, lines: list[Record], remit: date, postings: _Postings
) -> None:
    fate = chance.choices(("as_expected", "underpaid", "overpaid", "denied"), weights=(74, 11, 3, 12))[0]
    whole = chance.random() < 0.75
    cause = chance.choices(CAUSES, weights=(30, 24, 16, 12, 8, 10))[0]
    for line in lines:
        touched = whole or line is lines[0]
        contractual_rate = 0.5 if line["expected"] is None else None
        target = int(line["charge"] * contractual_rate) if contractual_rate else line["expected"]
        factor = {"underpaid": chance.choice((0.94, 0.88, 0.5)), "overpaid": 1.06}.get(fate, 1.0) if touched else 1.0
        denied = fate == "denied" and touched
        line["allowed"] = 0 if denied else round(target * factor)
        line["denied"] = line["charge"] if denied else 0
        line["contractual"] = line["charge"] - line["allowed"] - line["denied"]
        line["share"] = line["allowed"] * 15 // 100
        line["paid"] = line["allowed"] - line["share"]
        _variance(world, claim, line, remit, cause)
        postings.post(remit, "payer_payment", "primary_payer", -line["paid"])
        postings.post(remit, "contractual_adjustment", "primary_payer", -line["contractual"])
        postings.post(remit, "patient_share", "primary_payer", -line["share"])
        postings.post(remit, "patient_share", "patient", line["share"])
        if denied:
            _denial(world, chance, claim, line, remit, postings)
    paid, share = sum(line["paid"] for line in lines), sum(line["share"] for line in lines)
    if paid and chance.random() < 0.015:
        postings.post(remit + timedelta(days=11), "payer_payment", "primary_payer", -paid)
    _patient(chance, postings, remit, share)
    world.add(
        "fct_remittances", remittance_key=_key(f"remit {claim['claim_key']}"), payer_id=claim["payer_id"],
        trace_number=f"SAMPLE{postings.key[:8]}", payment_date=remit, payment_amount=paid, claim_paid_amount=paid,
        provider_adjustment_amount=0, is_balanced=True, is_duplicate=False,
    )  # fmt: skip


def _variance(world: World, claim: Record, line: Record, remit: date, cause: str) -> None:
    variance = None if line["expected"] is None else line["allowed"] - line["expected"]
    if variance is None:
        variance_class = "not_priced"
    elif line["denied"]:
        variance_class = "denied"
    else:
        small = abs(variance) < 100 or abs(variance) * 100 < line["expected"]
        variance_class = "as_expected" if small else ("underpaid" if variance < 0 else "overpaid")
    differs = variance_class in ("underpaid", "overpaid")
    world.add(
        "fct_payment_variances", claim_key=claim["claim_key"], claim_id=claim["claim_id"],
        line_number=line["line_number"], payer_id=claim["payer_id"], contract_id=claim["contract_id"],
        term_id=None if variance is None else "default", service_date=claim["service_from_date"], remit_date=remit,
        procedure_code=line["code"], paid_procedure_code="99213" if cause == "recoded" and differs else line["code"],
        charge_amount=line["charge"], expected_allowed_amount=line["expected"], allowed_amount=line["allowed"],
        variance_amount=variance,
        expected_payer_amount=None if variance is None else line["expected"] - line["share"],
        payer_paid_amount=line["paid"], variance_class=variance_class,
        not_priced_reason="no_contract" if variance is None else None,
        root_cause=cause if differs else None,
        root_cause_detail=f"Allowed equals the price under {cause}" if differs else None,
        recoverable_amount=-variance if variance is not None and variance_class == "underpaid" else 0,
        appeal_deadline_date=None if claim["contract_id"] is None else remit + timedelta(days=180),
    )  # fmt: skip


def _denial(world: World, chance: random.Random, claim: Record, line: Record, remit: date, postings: _Postings) -> None:
    reason, category, preventable = chance.choice(REASONS)
    decided = remit + timedelta(days=chance.randint(25, 140))
    outcome = chance.choices(
        ("open", "overturned", "written_off", "upheld", "appealed", "rebilled"), weights=(30, 25, 20, 8, 10, 7)
    )[0]
    if decided > AS_OF:
        outcome = "open"
    recovered = 0
    if outcome == "overturned":
        recovered = (line["charge"] * 50 + 50) // 100
        postings.post(decided, "payer_payment", "primary_payer", -recovered)
        postings.post(decided, "contractual_adjustment", "primary_payer", recovered - line["charge"])
    elif outcome == "written_off":
        postings.post(decided, "denial_write_off", "primary_payer", -line["charge"])
    world.add(
        "fct_denials", claim_key=claim["claim_key"], claim_id=claim["claim_id"], line_number=line["line_number"],
        payer_id=claim["payer_id"], denial_date=remit, group_code="CO", reason_code=reason, remark_codes="",
        denial_category=category, is_initial=True, is_preventable=preventable, denied_amount=line["denied"],
        outcome=outcome, outcome_date=None if outcome == "open" else decided, recovered_amount=recovered,
        appeal_deadline_date=None if claim["contract_id"] is None else remit + timedelta(days=180),
        expected_recovery_amount=line["denied"] // 4 if outcome == "open" else None,
    )  # fmt: skip


def _patient(chance: random.Random, postings: _Postings, remit: date, share: int) -> None:
    roll, day = chance.random(), remit + timedelta(days=chance.randint(12, 70))
    if roll < 0.5:
        postings.post(day, "patient_payment", "patient", -share)
    elif roll < 0.62:
        postings.post(day, "patient_payment", "patient", -(share // 2))
    elif roll < 0.66:
        postings.post(remit + timedelta(days=150), "bad_debt", "patient", -share)
    elif roll < 0.69:
        postings.post(day, "charity", "patient", -share)
    elif roll < 0.71:
        postings.post(day, "patient_payment", "patient", -share - 2500)
