"""Contracts of one payer and claims under them, in the form the staging and intermediate models give them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

SERVED = date(2025, 3, 4)
REMITTED = date(2025, 4, 10)


class Market:
    """Contracts, claims and remittances of one payer, in the form the staging and intermediate models give them."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, relation: str, **row: Any) -> None:
        self.rows.setdefault(relation, []).append(row)

    def contract(self, contract_id: str, claim_type: str, terms: list[dict[str, Any]], **facts: Any) -> None:
        base = {
            "payer_id": "NORTH",
            "effective_from": date(2025, 1, 1),
            "effective_to": date(2025, 12, 31),
            "tolerance_amount": 1,
            "tolerance_percent": 1,
            "lesser_of": "none",
            "sequestration_percent": 0,
            "appeal_days": 180,
        }
        modifiers = facts.pop("modifiers", {})
        ranks = facts.pop("ranks", [])
        product = facts.pop("product", None)
        self.add(
            "stg_reference__contracts",
            contract_id=contract_id,
            **{**base, **facts},
            modifiers_basis="contract" if modifiers else "none",
            multiple_procedures_basis="contract" if ranks else "none",
        )
        self.add("stg_reference__contract_claim_types", contract_id=contract_id, claim_type=claim_type)
        if product:
            self.add("stg_reference__contract_products", contract_id=contract_id, product=product)
        for modifier, percent in modifiers.items():
            self.add("stg_reference__contract_modifiers", contract_id=contract_id, modifier=modifier, percent=percent)
        for rank, percent in enumerate(ranks, start=1):
            self.add(
                "stg_reference__contract_multiple_procedures",
                contract_id=contract_id,
                rank_number=rank,
                percent=percent,
            )
        if ranks:
            self.match(contract_id, "multiple_procedures", "procedure", "10004", "69990")
        for number, term in enumerate(terms, start=1):
            matches, tiers = term.pop("match", []), term.pop("tiers", [])
            self.add(
                "stg_reference__contract_terms", contract_id=contract_id, term_number=number, source_line=number, **term
            )
            for key, low, high in matches:
                self.match(contract_id, term["term_id"], key, low, high)
            for tier, (through, amount) in enumerate(tiers, start=1):
                self.add(
                    "stg_reference__contract_term_tiers",
                    contract_id=contract_id,
                    term_id=term["term_id"],
                    tier_number=tier,
                    through_day=through,
                    amount=amount,
                )

    def match(self, contract_id: str, term_id: str, key: str, low: str, high: str) -> None:
        self.add(
            "stg_reference__contract_term_matches",
            contract_id=contract_id,
            term_id=term_id,
            match_key=key,
            low_value=low,
            high_value=high,
        )

    def claim(
        self,
        key: str,
        lines: list[dict[str, Any]],
        allowed: list[str] | str,
        *,
        claim_type: str = "professional",
        plan: str = "PPO",
        drg: str | None = None,
        paid: dict[int, dict[str, Any]] | None = None,
        cut_59: dict[int, str] | None = None,
        patient: str = "0.00",
        npi: str | None = None,
        is_whole: bool = False,
    ) -> None:
        """`allowed`: a line's each, or the claim's on its first line; `paid`: what an SVC says otherwise, by line.

        `is_whole`: the payer answers without service lines. `npi`: the billing provider.
        """
        charge = sum(Decimal(line["charge"]) for line in lines)
        facts = {
            "claim_key": key,
            "claim_id": key,
            "claim_type": claim_type,
            "payer_id": "NORTH",
            "plan_name": plan,
            "billing_npi": npi,
            "drg": drg,
            "service_from_date": SERVED,
            "service_to_date": SERVED,
            "place_of_service": "11" if claim_type == "professional" else None,
            "bill_type": "111" if claim_type == "institutional" else None,
            "charge_amount": charge,
        }
        self.add("int_claims", origin="claim", has_primary_submission=True, is_in_ledger=True, **facts)
        self.add(
            "int_submissions",
            submission_id=f"{key}-s",
            payer_sequence="P",
            frequency_code="1",
            submitted_date=SERVED,
            **facts,
        )
        amounts = [allowed, *["0.00"] * (len(lines) - 1)] if isinstance(allowed, str) else allowed
        self.add(
            "int_adjudications",
            adjudication_id=f"{key}-a",
            claim_key=key,
            payer_id="NORTH",
            payer_role="primary_payer",
            remit_date=REMITTED,
            charge_amount=charge,
            adjudication_number=1,
            payer_paid_amount=sum(Decimal(a) for a in amounts) - Decimal(patient),
            allowed_amount=sum(Decimal(a) for a in amounts),
            is_reversal=False,
            is_duplicate=False,
            is_pretend=False,
            is_first=True,
            is_latest=True,
            submission_id=f"{key}-s",
            has_service_lines=not is_whole,
        )
        for number, (line, amount) in enumerate(zip(lines, amounts, strict=True), start=1):
            modifiers = line.get("modifiers", [])
            code, revenue, units = line.get("code"), line.get("revenue"), line.get("units", 1)
            self.add(
                "int_submission_lines",
                submission_id=f"{key}-s",
                line_number=number,
                procedure_code=code,
                revenue_code=revenue,
                units=units,
                charge_amount=line["charge"],
                service_date=SERVED,
                **{f"modifier_{n}": m for n, m in enumerate(modifiers, start=1)},
            )
            if is_whole:
                continue
            share = Decimal(patient) if number == 1 else Decimal(0)
            said = {"procedure_code": code, "units": units, "modifiers": ":".join(modifiers)} | (paid or {}).get(
                number, {}
            )
            self.add(
                "int_adjudication_lines",
                adjudication_id=f"{key}-a",
                claim_key=key,
                service_number=number,
                line_number=number,
                charge_amount=line["charge"],
                allowed_amount=amount,
                denied_amount=0,
                payer_paid_amount=Decimal(amount) - share,
                patient_responsibility_amount=share,
                **said,
            )
            if cut_59 and number in cut_59:
                self.add(
                    "int_adjustments",
                    adjudication_id=f"{key}-a",
                    claim_key=key,
                    service_number=number,
                    segment_number=number,
                    adjustment_number=1,
                    group_code="CO",
                    reason_code="59",
                    amount=cut_59[number],
                    adjustment_class="contractual",
                )
        if Decimal(patient):
            self.add(
                "int_adjustments",
                adjudication_id=f"{key}-a",
                claim_key=key,
                service_number=1,
                segment_number=1,
                adjustment_number=1,
                group_code="PR",
                reason_code="2",
                amount=patient,
                adjustment_class="patient",
            )


def schedule(market: Market, schedule_id: str, rates: dict[str, str], **facts: Any) -> None:
    for key, amount in rates.items():
        code, setting = [*key.split("/"), ""][:2]
        market.add(
            "stg_reference__fee_schedule_rates",
            schedule_id=schedule_id,
            procedure_code=code,
            setting={"F": "facility", "N": "non_facility", "": ""}[setting],
            amount=amount,
            **facts,
        )
