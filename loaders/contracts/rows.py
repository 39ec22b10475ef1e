"""A contract as rows of its `raw` tables. Pure: a model and its lines in, rows by table out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from loaders.contracts.model import Contract, Example, MultipleProcedures
from loaders.contracts.yaml_tree import YamlTree

Row = dict[str, Any]


def contract_rows(contract: Contract, tree: YamlTree, source_text: str) -> dict[str, list[Row]]:
    """Rows by table name, without `file_number`; every table is named, if only with no rows."""
    tables = {
        "contracts": [_head(contract, tree, source_text)],
        "contract_products": [{"product": product} for product in dict.fromkeys(contract.products)],
        "contract_claim_types": [{"claim_type": claim_type} for claim_type in dict.fromkeys(contract.claim_types)],
        "contract_providers": list(_providers(contract)),
        "contract_modifiers": list(_modifiers(contract)),
        "contract_multiple_procedures": list(_multiple_procedures(contract)),
        "contract_terms": list(_terms(contract, tree)),
        "contract_term_tiers": list(_tiers(contract)),
        "contract_term_matches": list(_matches(contract)),
        "contract_examples": list(_examples(contract, tree)),
        "contract_example_lines": [
            line for number, example in enumerate(contract.examples, 1) for line in _example_lines(number, example)
        ],
    }
    return {table: [{"contract_id": contract.contract, **row} for row in rows] for table, rows in tables.items()}


def _head(contract: Contract, tree: YamlTree, source_text: str) -> Row:
    prompt_pay, stop_loss, default = contract.prompt_pay, contract.stop_loss, contract.default
    return {
        "contract_name": contract.name or contract.contract,
        "payer_id": contract.payer,
        "effective_from": contract.effective.start,
        "effective_to": contract.effective.end,
        "date_basis": contract.date_basis,
        "timely_filing_days": contract.timely_filing_days,
        "appeal_days": contract.appeal_days,
        "prompt_pay_days": prompt_pay and prompt_pay.days,
        "annual_interest_percent": prompt_pay and prompt_pay.annual_interest_percent,
        "tolerance_amount": contract.tolerance.amount,
        "tolerance_percent": contract.tolerance.percent,
        "lesser_of": contract.lesser_of,
        "sequestration_percent": contract.sequestration_percent,
        "modifiers_basis": _basis(contract.modifiers),
        "multiple_procedures_basis": _basis(contract.multiple_procedures),
        "stop_loss_kind": stop_loss and stop_loss.kind,
        "stop_loss_threshold": stop_loss and stop_loss.threshold,
        "stop_loss_percent": stop_loss and stop_loss.percent,
        "stop_loss_source_line": tree.line(("stop_loss",)) if stop_loss else None,
        "default_method": default and default.method,
        "default_percent": default and _percent(default.method, default.percent),
        "default_amount": default and default.amount,
        "default_schedule_id": default and default.schedule,
        "default_locality": default and default.place,
        "default_source_line": tree.line(("default",)) if default else None,
        "source_text": source_text,
    }


def _basis(value: object) -> str:
    if isinstance(value, str):
        return value
    return "contract" if value else "none"


def _percent(method: str, percent: Any) -> Any:
    """A fee schedule without a percent is paid as it stands."""
    return 100 if method == "fee_schedule" and percent is None else percent


def _providers(contract: Contract) -> Iterator[Row]:
    for id_type, ids in (("tax_id", contract.providers.tax_ids), ("npi", contract.providers.npis)):
        for provider_id in dict.fromkeys(ids):
            yield {"id_type": id_type, "provider_id": provider_id}


def _modifiers(contract: Contract) -> Iterator[Row]:
    if not isinstance(contract.modifiers, str):
        for modifier, percent in contract.modifiers.items():
            yield {"modifier": modifier, "percent": percent}


def _multiple_procedures(contract: Contract) -> Iterator[Row]:
    if isinstance(contract.multiple_procedures, MultipleProcedures):
        for rank_number, percent in enumerate(contract.multiple_procedures.percents, 1):
            yield {"rank_number": rank_number, "percent": percent}


def _terms(contract: Contract, tree: YamlTree) -> Iterator[Row]:
    for at, term in enumerate(contract.terms):
        yield {
            "term_number": at + 1,
            "term_id": term.id,
            "scope": term.scope,
            "is_carve_out": term.carve_out,
            "method": term.method,
            "amount": term.amount,
            "percent": _percent(term.method, term.percent),
            "base_rate": term.base_rate,
            "weight_set": term.weight_set,
            "schedule_id": term.schedule,
            "locality": term.place,
            "minimum_charge": term.match.minimum_charge,
            "maximum_charge": term.match.maximum_charge,
            "minimum_units": term.match.minimum_units,
            "source_line": tree.line(("terms", at)),
        }


def _tiers(contract: Contract) -> Iterator[Row]:
    for term in contract.terms:
        for tier_number, tier in enumerate(term.tiers or (), 1):
            yield {
                "term_id": term.id,
                "tier_number": tier_number,
                "through_day": tier.through_day,
                "amount": tier.amount,
            }


def _matches(contract: Contract) -> Iterator[Row]:
    matches = [(term.id, term.match.ranges()) for term in contract.terms]
    if isinstance(contract.multiple_procedures, MultipleProcedures):
        matches.append(("multiple_procedures", contract.multiple_procedures.applies_to.ranges()))
    for term_id, ranges in matches:
        for match_key, code_range in ranges:
            yield {
                "term_id": term_id,
                "match_key": match_key,
                "low_value": code_range.low,
                "high_value": code_range.high,
            }


def _examples(contract: Contract, tree: YamlTree) -> Iterator[Row]:
    for at, example in enumerate(contract.examples):
        claim = example.claim
        yield {
            "example_number": at + 1,
            "example_name": example.name,
            "service_from": claim.service_from,
            "service_to": claim.service_to,
            "admission": claim.admission,
            "place_of_service": claim.place_of_service,
            "bill_type": claim.bill_type,
            "drg": claim.drg,
            "diagnosis": claim.diagnosis,
            "expects_allowed": "allowed" in example.expect.model_fields_set,
            "expected_allowed": example.expect.allowed,
            "source_line": tree.line(("examples", at)),
        }


def _example_lines(example_number: int, example: Example) -> Iterator[Row]:
    expected = example.expect.lines
    for at, line in enumerate(example.claim.lines):
        modifiers = (*line.modifiers, None, None, None, None)
        yield {
            "example_number": example_number,
            "line_number": at + 1,
            "procedure_code": line.procedure,
            **{f"modifier_{place}": modifiers[place - 1] for place in (1, 2, 3, 4)},
            "revenue_code": line.revenue_code,
            "units": line.units,
            "charge_amount": line.charge,
            "service_date": line.service_date,
            "rendering": line.rendering,
            "expects_amount": bool(expected),
            "expected_amount": expected[at] if expected else None,
        }
