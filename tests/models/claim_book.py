"""Whole claims with their remittances, as upstream rows, from the few figures a test is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar


class ClaimBook:
    """Upstream rows for whole claims, written from the few figures a test is about.

    A claim has lines of (code, charge, expected); a service of an adjudication has its line, what was paid and its
    adjustments as (group, reason, amount). Reasons 1 to 3 are the patient's, 45 contractual, 193 an upheld appeal,
    every other a denial; allowed is paid plus the patient's.
    """

    CATEGORIES: ClassVar[dict[str, str]] = {"197": "authorization", "50": "medical_necessity", "204": "non_covered"}

    def __init__(self, as_of: date = date(2025, 12, 31)) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.rows["int_as_of"] = [{"as_of_date": as_of, "run_date": as_of}]
        self.units: dict[str, str | None] = {}

    def contract(self, contract_id: str, payer: str, **terms: Any) -> None:
        defaults = {"tolerance_amount": "1.00", "tolerance_percent": 1, "sequestration_percent": 0, "appeal_days": 180}
        row = {"contract_id": contract_id, "payer_id": payer, "lesser_of": "none", **defaults, **terms}
        self.rows["stg_reference__contracts"].append(row)

    def claim(
        self,
        key: str,
        lines: Sequence[tuple[str, str, str | None]],
        *,
        payer: str = "NORTH",
        contract: str | None = "north",
        origin: str = "claim",
        submitted: date = date(2025, 1, 5),
        whole: tuple[str, str] | None = None,
        term: str = "visits",
        reason: str | None = None,
        unit_count: int = 1,
    ) -> None:
        """`whole`: the claim-scoped term and its amount, which leave the lines without amounts of their own."""
        charge = sum(Decimal(line[1]) for line in lines)
        unit = f"{key}-s1" if origin == "claim" else key
        self.units[key] = unit if origin == "claim" else None
        self.rows["int_claims"].append(
            {
                "claim_key": key,
                "claim_id": key.upper(),
                "origin": origin,
                "payer_id": payer,
                "charge_amount": charge,
                "service_from_date": date(2025, 1, 2),
                "claim_type": "professional",
                "first_submitted_date": submitted,
                "has_primary_submission": origin == "claim",
                "current_submission_id": unit if origin == "claim" else None,
                "is_in_ledger": origin == "claim",
            }
        )
        if origin == "claim":
            self.submit(key, submitted, payer=payer)
        self.rows["int_pricing_claims"].append(
            {
                "unit_id": unit,
                "claim_key": key,
                "payer_id": payer,
                "charge_amount": charge,
                "service_from_date": date(2025, 1, 2),
                "claim_type": "professional",
            }
        )
        prices = [line[2] for line in lines]
        total = whole[1] if whole else None if None in prices else sum(Decimal(str(price)) for price in prices)
        self.rows["int_priced_claims"].append(
            {
                "unit_id": unit,
                "claim_key": key,
                "contract_id": contract,
                "expected_allowed_amount": total,
                "is_claim_priced": whole is not None,
                "claim_term_id": whole[0] if whole else None,
                "not_priced_reason": reason,
            }
        )
        for number, (code, line_charge, expected) in enumerate(lines, start=1):
            self.rows["int_pricing_lines"].append(
                {
                    "unit_id": unit,
                    "line_number": number,
                    "procedure_code": code,
                    "units": unit_count,
                    "charge_amount": line_charge,
                    "service_date": date(2025, 1, 2),
                }
            )
            self.rows["int_priced_lines"].append(
                {
                    "unit_id": unit,
                    "line_number": number,
                    "contract_id": contract,
                    "term_id": term,
                    "expected_allowed_amount": expected,
                    "not_priced_reason": None if expected is not None or whole else reason or "no_rate",
                }
            )
            if origin == "claim":
                self.rows["int_submission_lines"].append(
                    {
                        "submission_id": unit,
                        "line_number": number,
                        "procedure_code": code,
                        "units": unit_count,
                        "charge_amount": line_charge,
                        "service_date": date(2025, 1, 2),
                    }
                )

    def submit(self, key: str, submitted: date, *, payer: str = "NORTH", frequency: str = "1") -> str:
        number = sum(row["claim_key"] == key for row in self.rows["int_submissions"]) + 1
        self.rows["int_submissions"].append(
            {
                "submission_id": f"{key}-s{number}",
                "claim_key": key,
                "claim_id": key.upper(),
                "payer_id": payer,
                "payer_sequence": "P",
                "frequency_code": frequency,
                "submitted_date": submitted,
            }
        )
        return f"{key}-s{number}"

    def adjudicate(
        self,
        key: str,
        remitted: date,
        services: Sequence[tuple[int | None, str, Sequence[tuple[str, str, str]]]],
        *,
        claim_adjustments: Sequence[tuple[str, str, str]] = (),
        paid: str | None = None,
        payer: str = "NORTH",
        role: str = "primary_payer",
        is_reversal: bool = False,
        paid_codes: Sequence[str] = (),
        paid_units: int = 1,
    ) -> None:
        earlier = [
            row for row in self.rows["int_adjudications"] if row["claim_key"] == key and row["payer_id"] == payer
        ]
        number = len(earlier) + 1
        adjudication = f"{key}-{payer}-a{number}"
        is_primary = role == "primary_payer" and not is_reversal
        if is_primary:
            for row in earlier:
                row["is_latest"] = False
        billed = [row for row in self.rows["int_pricing_lines"] if row["unit_id"] == (self.units[key] or key)]
        claim_allowed = Decimal(0)
        order = 0
        for service_number, (line, line_paid, adjustments) in enumerate(services, start=1):
            patient = sum((Decimal(a) for _, r, a in adjustments if r in "123"), Decimal(0))
            denied = sum((Decimal(a) for _, r, a in adjustments if r not in ("1", "2", "3", "45", "193")), Decimal(0))
            code = billed[line - 1]["procedure_code"] if line else None
            self.rows["int_adjudication_lines"].append(
                {
                    "adjudication_id": adjudication,
                    "claim_key": key,
                    "service_number": service_number,
                    "line_number": line,
                    "procedure_code": paid_codes[service_number - 1] if paid_codes else code,
                    "units": paid_units,
                    "payer_paid_amount": line_paid,
                    "allowed_amount": Decimal(line_paid) + patient,
                    "patient_responsibility_amount": patient,
                    "denied_amount": denied,
                    "segment_number": service_number,
                    "charge_amount": Decimal(line_paid) + sum((Decimal(a) for _, _, a in adjustments), Decimal(0)),
                    "remark_codes": "N130" if denied else None,
                }
            )
            claim_allowed += Decimal(line_paid) + patient
            for adjustment in adjustments:
                order += 1
                self._adjust(adjudication, key, service_number, order, adjustment)
        for adjustment in claim_adjustments:
            order += 1
            self._adjust(adjudication, key, None, order, adjustment)
        claim_paid = Decimal(paid) if paid is not None else sum((Decimal(s[1]) for s in services), Decimal(0))
        if paid is not None:
            patient_total = sum(
                (
                    Decimal(row["amount"])
                    for row in self.rows["int_adjustments"]
                    if row["adjudication_id"] == adjudication and row["adjustment_class"] == "patient"
                ),
                Decimal(0),
            )
            claim_allowed = claim_paid + patient_total
        self.rows["int_adjudications"].append(
            {
                "adjudication_id": adjudication,
                "claim_key": key,
                "payer_id": payer,
                "payer_role": role,
                "remit_date": remitted,
                "payer_paid_amount": claim_paid,
                "allowed_amount": claim_allowed,
                "is_reversal": is_reversal,
                "is_duplicate": False,
                "is_pretend": False,
                "adjudication_number": number,
                "is_first": is_primary and not any(not row["is_reversal"] for row in earlier),
                "is_latest": is_primary,
                "submission_id": self.units[key],
                "has_service_lines": bool(services),
                "line_count": len(services),
                "charge_amount": sum(
                    row["charge_amount"] for row in self.rows["int_claims"] if row["claim_key"] == key
                ),
            }
        )

    def _adjust(
        self, adjudication: str, key: str, service: int | None, number: int, adjustment: tuple[str, str, str]
    ) -> None:
        group, reason, amount = adjustment
        kinds = {"1": "patient", "2": "patient", "3": "patient", "45": "contractual", "193": "appeal_upheld"}
        kind = kinds.get(reason, "denial")
        self.rows["int_adjustments"].append(
            {
                "adjudication_id": adjudication,
                "claim_key": key,
                "service_number": service,
                "segment_number": number,
                "adjustment_number": 1,
                "group_code": group,
                "reason_code": reason,
                "amount": amount,
                "adjustment_class": kind,
                "is_preventable": kind == "denial",
                "denial_category": self.CATEGORIES.get(reason, "other") if kind == "denial" else None,
            }
        )

    def event(self, key: str, posted: date, kind: str, amount: str = "0", payer: str | None = None) -> None:
        self.rows["int_transactions"].append(
            {
                "transaction_id": f"t{len(self.rows['int_transactions'])}",
                "claim_key": key,
                "posted_date": posted,
                "transaction_type": kind,
                "amount": amount,
                "payer_id": payer,
            }
        )
