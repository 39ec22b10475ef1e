"""Runs a few dbt models over upstream relations written by hand."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]

# What the layers promise one another (docs/layers.md), as far as the models under test read it.
UPSTREAM: dict[str, str] = {
    "intermediate.int_as_of": "as_of_date date, run_date date",
    "intermediate.int_claims": """claim_key varchar, claim_id varchar, origin varchar, claim_type varchar,
        payer_id varchar, payer_class varchar, secondary_payer_id varchar, billing_npi varchar, billing_tax_id varchar,
        patient_key varchar, product_group varchar, plan_name varchar, filing_code varchar, place_of_service varchar,
        bill_type varchar, drg varchar, principal_diagnosis varchar, admission_date date, discharge_date date,
        service_from_date date, service_to_date date, first_submitted_date date, current_submission_id varchar,
        charge_amount decimal(18,2), is_void boolean, has_primary_submission boolean, is_in_ledger boolean""",
    "intermediate.int_submissions": """submission_id varchar, file_id varchar, segment_number integer,
        claim_id varchar, claim_type varchar, frequency_code varchar, payer_claim_control_number varchar,
        submitted_date date, payer_sequence varchar, payer_id varchar, secondary_payer_id varchar,
        product_group varchar, plan_name varchar, filing_code varchar, billing_npi varchar, billing_tax_id varchar,
        patient_key varchar, place_of_service varchar, bill_type varchar, drg varchar, principal_diagnosis varchar,
        admission_date date, discharge_date date, service_from_date date, service_to_date date,
        charge_amount decimal(18,2), claim_key varchar""",
    "intermediate.int_submission_lines": """submission_id varchar, line_number integer, line_control_number varchar,
        procedure_qualifier varchar, procedure_code varchar, modifier_1 varchar, modifier_2 varchar,
        modifier_3 varchar, modifier_4 varchar, modifiers varchar, revenue_code varchar, units decimal(18,6),
        unit_basis varchar, service_date date, charge_amount decimal(18,2), place_of_service varchar,
        rendering_npi varchar""",
    "intermediate.int_claim_lines": """claim_key varchar, line_number integer, procedure_code varchar,
        modifier_1 varchar, modifier_2 varchar, modifier_3 varchar, modifier_4 varchar, revenue_code varchar,
        units decimal(18,6), service_date date, charge_amount decimal(18,2), place_of_service varchar,
        rendering_npi varchar""",
    "intermediate.int_adjudications": """adjudication_id varchar, claim_key varchar, file_id varchar,
        segment_number integer, remittance_key varchar, payer_id varchar, claim_id varchar, status_code varchar,
        payer_role varchar, payer_claim_control_number varchar, remit_date date, charge_amount decimal(18,2),
        payer_paid_amount decimal(18,2), patient_responsibility_amount decimal(18,2), allowed_amount decimal(18,2),
        is_reversal boolean, is_duplicate boolean, is_pretend boolean, adjudication_number integer, is_first boolean,
        is_latest boolean, submission_id varchar, line_count integer, has_service_lines boolean""",
    "intermediate.int_adjudication_lines": """adjudication_id varchar, claim_key varchar, service_number integer,
        line_number integer, match_method varchar, segment_number integer, procedure_code varchar, modifiers varchar,
        revenue_code varchar, units decimal(18,6), original_procedure_code varchar, original_modifiers varchar,
        original_units decimal(18,6), service_date date, charge_amount decimal(18,2), payer_paid_amount decimal(18,2),
        allowed_amount decimal(18,2), denied_amount decimal(18,2), patient_responsibility_amount decimal(18,2),
        contractual_amount decimal(18,2), remark_codes varchar""",
    "intermediate.int_adjustments": """adjudication_id varchar, claim_key varchar, service_number integer,
        adjustment_number integer, segment_number integer, group_code varchar, reason_code varchar,
        amount decimal(18,2), quantity decimal(18,6), adjustment_class varchar, denial_category varchar,
        is_preventable boolean""",
    "intermediate.int_transactions": """transaction_id varchar, claim_key varchar, claim_id varchar, posted_date date,
        transaction_type varchar, amount decimal(18,2), payer_id varchar, responsibility varchar, note varchar,
        file_id varchar, source_line_number integer""",
    "intermediate.int_pricing_claims": """unit_id varchar, claim_key varchar, claim_type varchar, payer_id varchar,
        product_group varchar, plan_name varchar, filing_code varchar, billing_npi varchar, billing_tax_id varchar,
        place_of_service varchar, bill_type varchar, drg varchar, principal_diagnosis varchar, admission_date date,
        discharge_date date, service_from_date date, service_to_date date, charge_amount decimal(18,2)""",
    "intermediate.int_pricing_lines": """unit_id varchar, line_number integer, procedure_code varchar,
        modifier_1 varchar, modifier_2 varchar, modifier_3 varchar, modifier_4 varchar, revenue_code varchar,
        units decimal(18,6), service_date date, charge_amount decimal(18,2), place_of_service varchar,
        rendering_npi varchar""",
    "intermediate.int_priced_claims": """unit_id varchar, claim_key varchar, contract_id varchar,
        not_priced_reason varchar, is_claim_priced boolean, claim_term_id varchar, claim_scoped_term_id varchar,
        claim_scoped_method varchar, carve_out_amount decimal(18,2), claim_term_amount decimal(18,2),
        uncapped_amount decimal(18,2), capped_amount decimal(18,2), expected_allowed_amount decimal(18,2)""",
    "intermediate.int_priced_lines": """unit_id varchar, line_number integer, contract_id varchar, term_id varchar,
        method varchar, priced_by varchar, lesser_of varchar, rate_amount decimal(18,6), percent decimal(18,6),
        units decimal(18,6), quantity decimal(18,6), days_before decimal(18,6), modified_amount decimal(38,22),
        modifier_percent decimal(18,6), multiple_procedure_percent decimal(18,6), multiple_procedure_rank integer,
        rounded_amount decimal(18,2), line_amount decimal(18,2), expected_allowed_amount decimal(18,2),
        not_priced_reason varchar, rate_effective_from date""",
    "intermediate.int_medicare_rates": """schedule_id varchar, locality varchar, procedure_code varchar,
        modifier varchar, setting varchar, amount decimal(18,2), effective_from date, effective_to date,
        multiple_procedure_indicator varchar, bilateral_indicator varchar, assistant_indicator varchar,
        cosurgeon_indicator varchar, endoscopic_base_code varchar, practice_expense_amount decimal(18,6),
        preoperative_percent decimal(18,6), intraoperative_percent decimal(18,6),
        postoperative_percent decimal(18,6)""",
    "intermediate.int_remittances": "remittance_key varchar, trace_number varchar",
    "marts.fct_credit_balances": "owner_payer_id varchar, credit_amount decimal(18,2), identified_date date",
    "staging.stg_landing__files": "file_id varchar, file_number integer",
    "staging.stg_x12__inpatient_adjudications": """file_number integer, claim_number integer, remark_code_1 varchar,
        remark_code_2 varchar, remark_code_3 varchar, remark_code_4 varchar, remark_code_5 varchar""",
    "staging.stg_x12__outpatient_adjudications": """file_number integer, claim_number integer, remark_code_1 varchar,
        remark_code_2 varchar, remark_code_3 varchar, remark_code_4 varchar, remark_code_5 varchar""",
    "staging.stg_reference__contracts": """contract_id varchar, contract_name varchar, payer_id varchar,
        effective_from date, effective_to date default '9999-12-31', date_basis varchar default 'service_from',
        timely_filing_days integer, appeal_days integer, prompt_pay_days integer,
        annual_interest_percent decimal(18,6), tolerance_amount decimal(18,2), tolerance_percent decimal(18,6),
        lesser_of varchar, sequestration_percent decimal(18,6), modifiers_basis varchar default 'none',
        multiple_procedures_basis varchar default 'none', stop_loss_kind varchar, stop_loss_threshold decimal(18,2),
        stop_loss_percent decimal(18,6), stop_loss_source_line integer, default_method varchar,
        default_percent decimal(18,6), default_amount decimal(18,6), default_schedule_id varchar,
        default_locality varchar, default_source_line integer""",
    "staging.stg_reference__contract_products": "contract_id varchar, product varchar",
    "staging.stg_reference__contract_claim_types": "contract_id varchar, claim_type varchar",
    "staging.stg_reference__contract_providers": "contract_id varchar, id_type varchar, provider_id varchar",
    "staging.stg_reference__contract_modifiers": "contract_id varchar, modifier varchar, percent decimal(18,6)",
    "staging.stg_reference__contract_multiple_procedures": """contract_id varchar, rank_number integer,
        percent decimal(18,6)""",
    "staging.stg_reference__contract_terms": """contract_id varchar, term_number integer, term_id varchar,
        scope varchar default 'line', is_carve_out boolean default false, method varchar, amount decimal(18,6),
        percent decimal(18,6), base_rate decimal(18,6), weight_set varchar, schedule_id varchar, locality varchar,
        minimum_charge decimal(18,2), maximum_charge decimal(18,2), minimum_units decimal(18,6), source_line integer""",
    "staging.stg_reference__contract_term_tiers": """contract_id varchar, term_id varchar, tier_number integer,
        through_day integer, amount decimal(18,6)""",
    "staging.stg_reference__contract_term_matches": """contract_id varchar, term_id varchar, match_key varchar,
        low_value varchar, high_value varchar""",
    "staging.stg_reference__fee_schedule_rates": """schedule_id varchar, procedure_code varchar,
        modifier varchar default '', setting varchar default '', effective_from date default '1900-01-01',
        effective_to date default '9999-12-31', amount decimal(18,6)""",
    "staging.stg_reference__drg_weights": """weight_set varchar, drg varchar, relative_weight decimal(18,6),
        geometric_mean_los decimal(18,6), effective_from date default '1900-01-01',
        effective_to date default '9999-12-31'""",
    "staging.stg_reference__contract_examples": """contract_id varchar, example_number integer, service_from date,
        service_to date, admission date, place_of_service varchar, bill_type varchar, drg varchar, diagnosis varchar""",
    "staging.stg_reference__contract_example_lines": """contract_id varchar, example_number integer,
        line_number integer, procedure_code varchar, modifier_1 varchar, modifier_2 varchar, modifier_3 varchar,
        modifier_4 varchar, revenue_code varchar, units decimal(18,6), charge_amount decimal(18,2), service_date date,
        rendering varchar""",
}

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
Build = Callable[[Rows, str], duckdb.DuckDBPyConnection]


def write_upstream(database: Path, rows: Rows) -> None:
    """Creates every relation of `UPSTREAM`, empty but for `rows` (relation without its schema: rows)."""
    con = duckdb.connect(str(database))
    try:
        for relation, columns in UPSTREAM.items():
            con.execute(f"create schema if not exists {relation.split('.')[0]}")
            con.execute(f"create table {relation} ({columns})")
            for row in rows.get(relation.split(".")[1], ()):
                marks = ", ".join("?" for _ in row)
                con.execute(f"insert into {relation} ({', '.join(row)}) values ({marks})", list(row.values()))
    finally:
        con.close()


@pytest.fixture(scope="session")
def build_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Gives `build(rows, select)`: writes the upstream rows, builds the selected models with their tests, connects."""
    from dbt.cli.main import dbtRunner

    target = tmp_path_factory.mktemp("dbt_target")
    open_connections: list[duckdb.DuckDBPyConnection] = []

    def build(rows: Rows, select: str) -> duckdb.DuckDBPyConnection:
        home = tmp_path_factory.mktemp("home")
        write_upstream(home / "warehouse.duckdb", rows)
        before = dict(os.environ)
        os.environ |= {"OWED_HOME": str(home), "OWED_TARGET": str(target), "DBT_LOG_PATH": str(target)}
        try:
            arguments = ["build", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--quiet"]
            result = dbtRunner().invoke([*arguments, "--indirect-selection", "cautious", "--select", *select.split()])
        finally:
            os.environ.clear()
            os.environ.update(before)
        failures = [
            f"{r.node.name}: {r.message}"
            for r in getattr(result.result, "results", [])
            if r.status in ("error", "fail")
        ]
        assert result.success, failures or result.exception
        con = duckdb.connect(str(home / "warehouse.duckdb"))
        open_connections.append(con)
        return con

    yield build
    for con in open_connections:
        con.close()


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


@pytest.fixture(scope="session")
def claim_book() -> type[ClaimBook]:
    return ClaimBook
