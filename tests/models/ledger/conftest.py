"""A small warehouse built by hand: the relations the ledger reads, filled case by case, then the ledger's models."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

REPO = Path(__file__).parents[3]

#: What the ledger reads: relation -> column -> type, as docs/layers.md promises.
UPSTREAM: dict[str, dict[str, str]] = {
    "intermediate.int_event_dates": {"event_date": "date"},
    "intermediate.int_payers": {
        "payer_id": "varchar",
        "payer_name": "varchar",
        "payer_class": "varchar",
        "is_unlisted": "boolean",
    },
    "intermediate.int_claims": {
        "claim_key": "varchar",
        "claim_id": "varchar",
        "origin": "varchar",
        "claim_type": "varchar",
        "payer_id": "varchar",
        "payer_class": "varchar",
        "secondary_payer_id": "varchar",
        "billing_npi": "varchar",
        "billing_tax_id": "varchar",
        "patient_key": "varchar",
        "product_group": "varchar",
        "plan_name": "varchar",
        "filing_code": "varchar",
        "place_of_service": "varchar",
        "bill_type": "varchar",
        "drg": "varchar",
        "principal_diagnosis": "varchar",
        "admission_date": "date",
        "discharge_date": "date",
        "service_from_date": "date",
        "service_to_date": "date",
        "first_submitted_date": "date",
        "current_submission_id": "varchar",
        "charge_amount": "decimal(18,2)",
        "is_void": "boolean",
        "has_primary_submission": "boolean",
        "is_in_ledger": "boolean",
    },
    "intermediate.int_claim_lines": {
        "claim_key": "varchar",
        "line_number": "integer",
        "procedure_code": "varchar",
        "modifiers": "varchar",
        "revenue_code": "varchar",
        "units": "decimal(18,6)",
        "service_date": "date",
        "charge_amount": "decimal(18,2)",
    },
    "intermediate.int_submissions": {
        "submission_id": "varchar",
        "file_id": "varchar",
        "segment_number": "integer",
        "claim_id": "varchar",
        "frequency_code": "varchar",
        "payer_claim_control_number": "varchar",
        "submitted_date": "date",
        "payer_sequence": "varchar",
        "payer_id": "varchar",
        "charge_amount": "decimal(18,2)",
        "claim_key": "varchar",
    },
    "intermediate.int_remittances": {
        "remittance_key": "varchar",
        "file_id": "varchar",
        "segment_number": "integer",
        "payer_id": "varchar",
        "trace_number": "varchar",
        "payment_date": "date",
        "payment_amount": "decimal(18,2)",
        "payment_method": "varchar",
        "claim_paid_amount": "decimal(18,2)",
        "provider_adjustment_amount": "decimal(18,2)",
        "is_balanced": "boolean",
        "is_duplicate": "boolean",
    },
    "intermediate.int_provider_adjustments": {
        "remittance_key": "varchar",
        "adjustment_number": "integer",
        "payer_id": "varchar",
        "payment_date": "date",
        "adjustment_code": "varchar",
        "reference_id": "varchar",
        "adjustment_amount": "decimal(18,2)",
        "is_duplicate": "boolean",
    },
    "intermediate.int_adjudications": {
        "adjudication_id": "varchar",
        "claim_key": "varchar",
        "file_id": "varchar",
        "segment_number": "integer",
        "remittance_key": "varchar",
        "payer_id": "varchar",
        "claim_id": "varchar",
        "status_code": "varchar",
        "payer_role": "varchar",
        "payer_claim_control_number": "varchar",
        "remit_date": "date",
        "charge_amount": "decimal(18,2)",
        "payer_paid_amount": "decimal(18,2)",
        "patient_responsibility_amount": "decimal(18,2)",
        "allowed_amount": "decimal(18,2)",
        "is_reversal": "boolean",
        "is_duplicate": "boolean",
        "is_pretend": "boolean",
        "adjudication_number": "integer",
        "is_first": "boolean",
        "is_latest": "boolean",
        "submission_id": "varchar",
        "line_count": "integer",
        "has_service_lines": "boolean",
    },
    "intermediate.int_adjudication_lines": {
        "adjudication_id": "varchar",
        "claim_key": "varchar",
        "service_number": "integer",
        "line_number": "integer",
        "payer_paid_amount": "decimal(18,2)",
        "allowed_amount": "decimal(18,2)",
        "denied_amount": "decimal(18,2)",
        "patient_responsibility_amount": "decimal(18,2)",
        "contractual_amount": "decimal(18,2)",
    },
    "intermediate.int_adjustments": {
        "adjudication_id": "varchar",
        "claim_key": "varchar",
        "service_number": "integer",
        "adjustment_number": "integer",
        "segment_number": "integer",
        "group_code": "varchar",
        "reason_code": "varchar",
        "amount": "decimal(18,2)",
        "quantity": "decimal(18,6)",
        "adjustment_class": "varchar",
        "denial_category": "varchar",
        "is_preventable": "boolean",
    },
    "intermediate.int_priced_claims": {
        "unit_id": "varchar",
        "claim_key": "varchar",
        "contract_id": "varchar",
        "not_priced_reason": "varchar",
        "is_claim_priced": "boolean",
        "claim_term_id": "varchar",
        "expected_allowed_amount": "decimal(18,2)",
    },
    "intermediate.int_priced_lines": {
        "unit_id": "varchar",
        "line_number": "integer",
        "term_id": "varchar",
        "expected_allowed_amount": "decimal(18,2)",
        "not_priced_reason": "varchar",
    },
    "staging.stg_reference__contracts": {
        "contract_id": "varchar", "sequestration_percent": "decimal(18,6)", "prompt_pay_days": "integer",
    },
    "staging.stg_reference__payer_aliases": {"payer_id": "varchar", "alias": "varchar"},
    "staging.stg_landing__files": {"file_number": "integer", "file_id": "varchar"},
    "staging.stg_accounts__transactions": {
        "transaction_id": "varchar",
        "claim_id": "varchar",
        "transaction_type": "varchar",
        "payer_id": "varchar",
        "note": "varchar",
        "amount": "decimal(18,2)",
        "posted_date": "date",
        "file_number": "integer",
        "line_number": "integer",
    },
    "marts.fct_payment_variances": {
        "claim_key": "varchar",
        "claim_id": "varchar",
        "line_number": "integer",
        "payer_id": "varchar",
        "remit_date": "date",
        "variance_class": "varchar",
        "root_cause": "varchar",
        "expected_allowed_amount": "decimal(18,2)",
        "allowed_amount": "decimal(18,2)",
        "variance_amount": "decimal(18,2)",
        "recoverable_amount": "decimal(18,2)",
    },
    "marts.fct_denials": {
        "claim_key": "varchar",
        "line_number": "integer",
        "payer_id": "varchar",
        "outcome": "varchar",
        "outcome_date": "date",
        "denial_date": "date",
        "denied_amount": "decimal(18,2)",
        "is_initial": "boolean",
    },
}

#: Adjustment classes of the codes the cases use (seed adjustment_reasons).
CLASSES = {
    "1": "patient",
    "2": "patient",
    "3": "patient",
    "45": "contractual",
    "59": "contractual",
    "253": "contractual",
    "94": "informational",
    "23": "prior_payer",
    "50": "denial",
    "204": "denial",
    "197": "denial",
}

Adjustments = list[tuple[str, str, str]]
"""Group code, reason code and amount of each adjustment of a claim."""


@dataclass
class Inbox:
    """Claims, answers and account transactions of a test, as rows of the upstream relations."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, relation: str, **values: Any) -> None:
        """Append a row; columns not named stay null."""
        unknown = set(values) - set(UPSTREAM[relation])
        assert not unknown, f"{relation} has no {unknown}"
        self.rows.setdefault(relation, []).append(values)

    def claim(
        self,
        key: str,
        charge: str,
        submitted: str,
        *,
        payer: str = "NORTH",
        payer_class: str = "commercial",
        secondary: str | None = None,
        service: str | None = None,
        in_ledger: bool = True,
        frequency: str = "1",
        expected: str | None = None,
        **more: Any,
    ) -> None:
        """A claim lineage and its first submission to the primary payer."""
        self.add(
            "intermediate.int_claims",
            claim_key=key,
            claim_id=key,
            origin="claim" if in_ledger else "remittance",
            payer_id=payer,
            payer_class=payer_class,
            secondary_payer_id=secondary,
            charge_amount=Decimal(charge),
            patient_key=f"patient-{key}",
            service_from_date=service or submitted,
            service_to_date=service or submitted,
            first_submitted_date=submitted,
            current_submission_id=f"{key}-s1",
            is_void=False,
            has_primary_submission=in_ledger,
            is_in_ledger=in_ledger,
            **more,
        )
        if in_ledger:
            self.submit(key, 1, charge, submitted, payer=payer, frequency=frequency)
        self.add(
            "intermediate.int_priced_claims",
            unit_id=f"{key}-s1" if in_ledger else key,
            claim_key=key,
            contract_id="north-2025" if expected else None,
            expected_allowed_amount=expected and Decimal(expected),
        )

    def submit(
        self,
        key: str,
        number: int,
        charge: str,
        on: str,
        *,
        payer: str = "NORTH",
        frequency: str = "7",
        sequence: str = "P",
    ) -> None:
        """One 837 of a claim; one to the primary payer is the current one from then on."""
        if sequence == "P":
            claim = next(row for row in self.rows["intermediate.int_claims"] if row["claim_key"] == key)
            claim.update(current_submission_id=f"{key}-s{number}", is_void=frequency == "8")
        self.add(
            "intermediate.int_submissions",
            submission_id=f"{key}-s{number}",
            file_id="837",
            segment_number=number,
            claim_id=key,
            frequency_code=frequency,
            submitted_date=on,
            payer_sequence=sequence,
            payer_id=payer,
            charge_amount=Decimal(charge),
            claim_key=key,
        )

    def answer(
        self,
        key: str,
        number: int,
        on: str,
        paid: str,
        adjustments: Adjustments | None = None,
        *,
        payer: str = "NORTH",
        role: str = "primary_payer",
        control: str | None = None,
        status: str = "1",
        duplicate: bool = False,
        allowed: str | None = None,
        first: bool = False,
        latest: bool = False,
        charge: str | None = None,
        payer_total: str | None = None,
    ) -> None:
        """One CLP: ``number`` orders it among the payer's answers to the claim."""
        identifier = f"{key}-{payer}-{number}"
        self.add(
            "intermediate.int_adjudications",
            adjudication_id=identifier,
            claim_key=key,
            claim_id=key,
            file_id="835",
            segment_number=number,
            remittance_key=f"{payer}-{on}",
            payer_id=payer,
            status_code=status,
            payer_role=role,
            payer_claim_control_number=control,
            remit_date=on,
            payer_paid_amount=Decimal(paid),
            charge_amount=charge and Decimal(charge),
            allowed_amount=allowed and Decimal(allowed),
            is_reversal=status == "22",
            is_duplicate=duplicate,
            is_pretend=status == "25",
            adjudication_number=number,
            is_first=first,
            is_latest=latest,
            line_count=0,
            has_service_lines=False,
        )
        for position, (group, reason, amount) in enumerate(adjustments or [], start=1):
            self.add(
                "intermediate.int_adjustments",
                adjudication_id=identifier,
                claim_key=key,
                adjustment_number=position,
                group_code=group,
                reason_code=reason,
                amount=Decimal(amount),
                adjustment_class=CLASSES[reason],
            )

    def transact(
        self,
        key: str,
        on: str,
        kind: str,
        amount: str = "0",
        *,
        payer: str | None = None,
        note: str | None = None,
    ) -> None:
        """One row of account_transactions.csv."""
        number = len(self.rows.get("staging.stg_accounts__transactions", [])) + 1
        self.add(
            "staging.stg_accounts__transactions",
            transaction_id=f"T{number}",
            claim_id=key,
            transaction_type=kind,
            payer_id=payer,
            amount=Decimal(amount),
            posted_date=on,
            file_number=1,
            line_number=number,
            note=note,
        )


@dataclass
class Warehouse:
    """The built warehouse, read-only."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        found = self.rows(sql)
        assert len(found) == 1, found
        return found[0]

    def balances(self, key: str, on: str = "9999-12-31") -> dict[str, Decimal]:
        """Balance by responsibility on a date, zero ones left out."""
        return dict(
            self.rows(
                "select responsibility, sum(amount) from marts.fct_account_ledger "
                f"where claim_key = '{key}' and posted_date <= '{on}' group by 1 having sum(amount) <> 0"
            )
        )


def fill(path: Path, inbox: Inbox, as_of: str) -> None:
    """Create the upstream relations and put the inbox's rows in them."""
    inbox.add("intermediate.int_event_dates", event_date=as_of)
    with duckdb.connect(str(path)) as connection:
        for schema in ("intermediate", "staging", "marts"):
            connection.execute(f"create schema {schema}")
        for relation, columns in UPSTREAM.items():
            described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"create table {relation} ({described})")
            for row in inbox.rows.get(relation, []):
                names = ", ".join(row)
                marks = ", ".join("?" for _ in row)
                connection.execute(f"insert into {relation} ({names}) values ({marks})", list(row.values()))


SELECTED = (
    "path:seeds/ledger claim_status_codes provider_adjustment_codes int_as_of int_transactions "
    "path:models/intermediate/ledger path:models/intermediate/credits path:models/intermediate/patients "
    "path:models/intermediate/kpis path:models/marts/ledger path:models/marts/balances path:models/marts/kpis "
    "path:models/marts/claims path:models/marts/remittances ledger_*"
)

Build = Callable[[Inbox, str], Warehouse]


@pytest.fixture(scope="session")
def new_inbox() -> type[Inbox]:
    return Inbox


@pytest.fixture(scope="session")
def build_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Gives `build(inbox, as_of)`: builds the ledger's models, with every proof that can run, over an inbox."""
    from dbt.cli.main import dbtRunner

    target = tmp_path_factory.mktemp("target")
    connections: list[duckdb.DuckDBPyConnection] = []

    def build(inbox: Inbox, as_of: str) -> Warehouse:
        home = tmp_path_factory.mktemp("home")
        fill(home / "warehouse.duckdb", inbox, as_of)
        before = dict(os.environ)
        os.environ |= {"OWED_HOME": str(home), "OWED_TARGET": str(target), "DBT_LOG_PATH": str(target)}
        try:
            result = dbtRunner().invoke(
                [
                    "build",
                    "--quiet",
                    "--project-dir",
                    str(REPO),
                    "--profiles-dir",
                    str(REPO),
                    "--indirect-selection",
                    "cautious",
                    "--vars",
                    "{run_date: '2099-12-31'}",
                    "--select",
                    *SELECTED.split(),
                ]
            )
        finally:
            os.environ.clear()
            os.environ.update(before)
        failures = [
            f"{item.node.name}: {item.message}"
            for item in getattr(result.result, "results", [])
            if item.status not in ("success", "pass")
        ]
        assert result.success, failures or str(result.exception)
        connection = duckdb.connect(str(home / "warehouse.duckdb"))
        connections.append(connection)
        return Warehouse(connection)

    yield build
    for connection in connections:
        connection.close()
