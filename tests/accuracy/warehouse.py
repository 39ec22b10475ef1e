"""A scratch warehouse with contracts, rates and claims in it, priced by the project's models."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from loaders.landing import Landing
from owed.pricing_run import REFERENCE, create_claims, price
from tests.accuracy.oracle import Claim, Contract, Price, Tables

MEDICARE_COLUMNS = """schedule_id varchar, locality varchar, procedure_code varchar, modifier varchar, setting varchar,
    amount decimal(18,2), effective_from date, effective_to date, multiple_procedure_indicator varchar,
    bilateral_indicator varchar, assistant_indicator varchar, cosurgeon_indicator varchar, team_indicator varchar,
    endoscopic_base_code varchar, imaging_family_indicator varchar, practice_expense_amount decimal(18,6),
    preoperative_percent decimal(18,6), intraoperative_percent decimal(18,6), postoperative_percent decimal(18,6),
    pctc_indicator varchar, status_code varchar, global_days varchar, base_units decimal(18,6)"""


@dataclass(frozen=True)
class Priced:
    """Prices by claim, in the order given, and the warehouse they stand in."""

    prices: list[Price]
    database: Path

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as con:
            con.execute("set schema = 'intermediate'")
            return con.execute(query).fetchall()


def price_claims(root: Path, contracts: Sequence[Contract], claims: Sequence[Claim], tables: Tables) -> Priced:
    """Contracts and schedules go in as files through the landing, claims as rows of the intermediate models.

    `root` is a new folder two below the session's own, in which all tests price at one path: dbt reads the project
    anew wherever the path of the warehouse is another.
    """
    inbox = root / "inbox"
    inbox.mkdir(parents=True)
    _write_files(inbox, contracts, tables)
    shared = root.parents[1] / "pricing"
    home = shared / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        landing = Landing(con, home, "test")
        landing.prepare()
        outcomes = list(landing.land([inbox]))
        refused = [outcome for outcome in outcomes if outcome.status == "refused"]
        assert not refused, refused[0]
        create_claims(con)
        _write_claims(con, claims)
        _write_medicare(con, tables)
    price(home, shared / "target", (REFERENCE,))
    database = root / "warehouse.duckdb"
    (home / "warehouse.duckdb").rename(database)
    return Priced(_read_prices(database, len(claims)), database)


def _write_files(inbox: Path, contracts: Sequence[Contract], tables: Tables) -> None:
    for contract in contracts:
        # JSON is YAML; numbers given as text must stay numbers, digit for digit.
        text = json.dumps(_plain(contract))
        (inbox / f"{contract['contract']}.contract.yaml").write_text(text)
    rates = [
        f"{rate.schedule},{rate.code},{rate.modifier},{rate.setting},{_day(rate.start)},{_day(rate.end)},{rate.amount}"
        for rate in tables.rates
        if "/" not in rate.schedule
    ]
    if rates:
        header = "schedule_id,procedure_code,modifier,setting,effective_from,effective_to,amount"
        (inbox / "fees.csv").write_text("\n".join([header, *rates]) + "\n")
    weights = [f"{w.weight_set},{w.drg},{w.weight},,{_day(w.start)},{_day(w.end)}" for w in tables.weights]
    if weights:
        header = "weight_set,drg,relative_weight,geometric_mean_los,effective_from,effective_to"
        (inbox / "weights.csv").write_text("\n".join([header, *weights]) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def _day(day: date) -> str:
    return "" if day in (date.min, date.max) else day.isoformat()


def _write_claims(con: duckdb.DuckDBPyConnection, claims: Sequence[Claim]) -> None:
    claim_rows, line_rows = [], []
    for number, claim in enumerate(claims):
        charges = [Decimal(str(line["charge"])) for line in claim["lines"] if line.get("charge") is not None]
        claim_rows.append(
            {
                "submission_id": number,
                "claim_key": number,
                "payer_sequence": "P",
                "payer_id": claim["payer_id"],
                "claim_type": claim["claim_type"],
                **{key: claim.get(key) for key in ("product_group", "plan_name", "filing_code", "billing_tax_id")},
                **{key: claim.get(key) for key in ("billing_npi", "place_of_service", "bill_type", "drg")},
                "principal_diagnosis": claim.get("diagnosis"),
                "admission_date": claim.get("admission"),
                "discharge_date": claim.get("discharge"),
                "service_from_date": claim["service_from"],
                "service_to_date": claim.get("service_to"),
                "charge_amount": sum(charges, Decimal(0)),
            }
        )
        for line_number, line in enumerate(claim["lines"], 1):
            modifiers = [*(line.get("modifiers") or ()), None, None, None, None]
            line_rows.append(
                {
                    "submission_id": number,
                    "line_number": line_number,
                    "procedure_code": line.get("procedure"),
                    **{f"modifier_{place}": modifiers[place - 1] for place in (1, 2, 3, 4)},
                    "revenue_code": line.get("revenue_code"),
                    "units": line.get("units", 1),
                    "unit_basis": line.get("unit_basis"),
                    "service_date": line.get("service_date"),
                    "charge_amount": line.get("charge"),
                    "place_of_service": line.get("place_of_service"),
                    "rendering_npi": line.get("rendering"),
                }
            )
    _insert(con, "intermediate.int_submissions", claim_rows)
    _insert(con, "intermediate.int_submission_lines", line_rows)


def _write_medicare(con: duckdb.DuckDBPyConnection, tables: Tables) -> None:
    con.execute(f"create table intermediate.int_medicare_rates ({MEDICARE_COLUMNS})")
    rows = []
    for rate in tables.rates:
        schedule, is_medicare, locality = rate.schedule.partition("/")
        if is_medicare:
            row: dict[str, str | None] = {
                "schedule_id": schedule,
                "locality": locality,
                "procedure_code": rate.code,
                "amount": rate.amount,
            }
            row |= {"modifier": rate.modifier, "setting": rate.setting, **rate.indicators}
            period: dict[str, str | None] = {
                "effective_from": _day(rate.start) or "1900-01-01",
                "effective_to": _day(rate.end) or "9999-12-31",
            }
            rows.append(row | period)
    _insert(con, "intermediate.int_medicare_rates", rows)
    (file_number,) = con.execute("select min(file_number) from raw.files_in_force").fetchall()[0]
    statuses = [
        {
            "file_number": file_number,
            "line_number": 0,
            "rate_year": 2025,
            "procedure_code": code,
            "status_indicator": status,
        }
        for code, status in tables.statuses.items()
    ]
    _insert(con, "raw.cms_opps_addendum_b", statuses)


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """As text: DuckDB casts each value to its column's exact type."""
    if rows:
        columns = list(dict.fromkeys(key for row in rows for key in row))
        texts = [{key: None if row.get(key) is None else str(row[key]) for key in columns} for row in rows]
        frame = pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String))
        con.register("new_rows", frame.to_arrow())
        con.execute(f"insert into {table} by name select * from new_rows")
        con.unregister("new_rows")


def _read_prices(database: Path, count: int) -> list[Price]:
    with duckdb.connect(str(database), read_only=True) as con:
        claims = con.execute(
            "select unit_id, contract_id, not_priced_reason, expected_allowed_amount, is_claim_priced, claim_term_id "
            "from intermediate.int_priced_claims where claim_key is not null order by unit_id"
        ).fetchall()
        lines: dict[int, list[tuple[Decimal | None, str | None]]] = {}
        for unit_id, amount, term_id in con.execute(
            "select unit_id, expected_allowed_amount, term_id from intermediate.int_priced_lines "
            "order by unit_id, line_number"
        ).fetchall():
            lines.setdefault(unit_id, []).append((amount, term_id))
    assert len(claims) == count
    return [
        Price(contract, reason, allowed, term if is_whole else None, tuple(lines[unit]))
        for unit, contract, reason, allowed, is_whole, term in claims
    ]
