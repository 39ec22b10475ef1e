"""`owed demo`: a sample home, a refresh, and a summary in a biller's words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from owed import snapshots
from owed.errors import WrongUseError
from owed.home import Home
from owed.progress import Reporter

CLAIMS = 20_000
SEED = 1
# The planted truth beside the inbox: only a sample home has it.
TRUTH = "truth"

# (name, unit, sql). Sums of published columns alone.
_FIGURES = (
    ("files", "count", "select count(*) from marts.rpt_files where status like 'loaded%'"),
    ("claims", "count", "select count(*) from marts.fct_claims where origin = 'claim'"),
    ("remittances", "count", "select count(*) from marts.fct_remittances where not is_duplicate"),
    (
        "underpaid",
        "amount",
        (
            "select coalesce(sum(recoverable_amount), 0) from marts.fct_payment_variances "
            "where variance_class = 'underpaid' and root_cause is distinct from 'contract_load_suspect'"
        ),
    ),
    ("underpaid_lines", "count", "select count(*) from marts.fct_payment_variances where variance_class = 'underpaid'"),
    ("denied", "amount", "select coalesce(sum(denied_amount), 0) from marts.fct_denials"),
    ("denials", "count", "select count(*) from marts.fct_denials"),
    (
        "open_ar",
        "amount",
        (
            "select coalesce(sum(balance_amount), 0) from marts.fct_ar_aging "
            "where as_of_date = (select max(as_of_date) from marts.fct_ar_aging)"
        ),
    ),
    ("credit_balances", "amount", "select coalesce(sum(credit_amount), 0) from marts.fct_credit_balances"),
    ("credit_accounts", "count", "select count(*) from marts.fct_credit_balances"),
)
_LABELS = {
    "underpaid_lines": "  lines",
    "denials": "  denials",
    "open_ar": "Open AR",
    "credit_balances": "Credit balances",
    "credit_accounts": "  accounts",
}


@dataclass(frozen=True)
class Figure:
    name: str
    unit: str
    value: Decimal

    def __str__(self) -> str:
        shown = f"${self.value:,.2f}" if self.unit == "amount" else f"{self.value:,.0f}"
        return f"{_LABELS.get(self.name, self.name.capitalize()):<18}{shown:>18}"


def prepare(home: Home, claims: int, reporter: Reporter) -> bool:
    """Fills the home's inbox with sample files; False if an earlier demo has. Never touches a home with other data."""
    from owed.sample import generate

    if (home.root / TRUTH).is_dir():
        return False
    if home.inbox.is_dir() and any(home.inbox.iterdir()):
        raise WrongUseError(f"{home.root} holds files that are no sample: name another folder with --home.")
    home.create()
    # Made aside and moved: a demo that was interrupted starts over. The truth comes last and says all is there.
    aside = home.root / ".sample"
    shutil.rmtree(aside, ignore_errors=True)
    with reporter.step(f"Writing {claims:,} sample claims"):
        generate(aside, claims=claims, seed=SEED)
    home.inbox.rmdir()
    (aside / "inbox").rename(home.inbox)
    (aside / TRUTH).rename(home.root / TRUTH)
    shutil.rmtree(aside)
    return True


def summary(home: Home) -> list[Figure]:
    """The figures of the published snapshot."""
    with snapshots.open_current(home) as connection:
        return list(_figures(connection))


def _figures(connection: duckdb.DuckDBPyConnection) -> Iterator[Figure]:
    for name, unit, sql in _FIGURES:
        row = connection.execute(sql).fetchone()
        yield Figure(name, unit, Decimal(row[0] if row else 0))
