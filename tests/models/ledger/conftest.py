"""A small warehouse built by hand: the relations the ledger reads, filled case by case, then the ledger's models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.models import dbt_build, keys

#: Creates every relation the models under test read.
UPSTREAM = Path(__file__).parent / "upstream.sql"

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
        self.rows.setdefault(relation, []).append(values)

    def claim(
        self,
        key: str,
        charge: str,
        submitted: str | None,
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
        on: str | None,
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
            submission_number=number,
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
        on_balance_of: str | None = None,
        control: str | None = None,
        status: str = "1",
        duplicate: bool = False,
        allowed: str | None = None,
        first: bool = False,
        latest: bool = False,
        charge: str | None = None,
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
            responsibility=on_balance_of or role,
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
            latest_rank=None if role != "primary_payer" or status in ("22", "25") or duplicate else 100 - number,
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
                is_inside_allowed=reason == "253" or CLASSES[reason] == "patient",
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
        connection.execute(UPSTREAM.read_text())
        for relation, rows in inbox.rows.items():
            for row in rows:
                keys.insert(connection, relation, row)


SELECTED = (
    "path:seeds/ledger claim_status_codes provider_adjustment_codes int_as_of int_transactions "
    "path:models/intermediate/ledger path:models/intermediate/credits path:models/intermediate/patients "
    "path:models/intermediate/kpis path:models/intermediate/forecast path:models/marts/ledger "
    "path:models/marts/balances path:models/marts/kpis path:models/marts/forecast path:models/marts/claims "
    "fct_remittances fct_provider_adjustments path:models/marts/payers rpt_refund_worklist rpt_patient_worklist "
    "rpt_cms_838 "
    "rpt_unanswered_claims rpt_patient_segments rpt_unmatched_transactions rpt_credit_trend rpt_unclaimed_property "
    "ledger_*"
)

Build = Callable[..., Warehouse]


@pytest.fixture(scope="session")
def new_inbox() -> type[Inbox]:
    return Inbox


@pytest.fixture(scope="session")
def build_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """Gives `build(inbox, as_of)`: builds the ledger's models over an inbox, and every proof of tests/sql with them.

    `with_grains` runs the tests of the yml files too, which one inbox is enough for.
    """
    target = tmp_path_factory.mktemp("dbt") / "target"
    connections: list[duckdb.DuckDBPyConnection] = []

    def build(inbox: Inbox, as_of: str, *, with_grains: bool = False) -> Warehouse:
        home = tmp_path_factory.mktemp("home")
        fill(home / "warehouse.duckdb", inbox, as_of)
        selected = ["--select", *SELECTED.split(), *(() if with_grains else ("--exclude", "test_type:generic"))]
        dbt_build.build(home, target, *selected, settings={"OWED_RUN_DATE": "2099-12-31"})
        connection = duckdb.connect(str(home / "warehouse.duckdb"))
        keys.name_keys(connection)
        connections.append(connection)
        return Warehouse(connection)

    yield build
    for connection in connections:
        connection.close()
