"""How right the warehouse is on what was planted in a sample home; the figures go to `docs/accuracy.md`.

The generator decides prices, payers' errors, denials and postings in plain Python of its own, before it writes any
file; nothing here comes from the models. A sceptic runs this file and gets the same document.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from owed import snapshots
from owed.home import Home
from owed.progress import Reporter
from owed.refresh import Request, refresh
from owed.sample import generate
from tests.conftest import PROJECT

# Two years: what is left is written off a year after the service. The seed is the first that plants every root cause.
CLAIMS, MONTHS, START, SEED = 6_000, 24, date(2024, 1, 1), 2
ROOT_CAUSES = PROJECT / "seeds" / "variance" / "root_causes.csv"
DOCUMENT = PROJECT / "docs" / "accuracy.md"
TRUTH = ("claims", "claim_lines", "payment_variances", "account_ledger", "denials", "credit_balances")
VARIANCE_PAIRS = """
    from truth.payment_variances as planted
    full join marts.fct_payment_variances as found
        on planted.claim_id = found.claim_id and planted.line_number = found.line_number
"""


@dataclass(frozen=True)
class Score:
    """So many right of so many. `title` says of what."""

    title: str
    right: int
    all: int

    @property
    def percent(self) -> float:
        return 100 * self.right / self.all if self.all else 100.0


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The published marts of a sample home, and the planted truth in schema `truth`."""
    sample = tmp_path_factory.mktemp("accuracy")
    generate(sample, claims=CLAIMS, months=MONTHS, start=START, seed=SEED)
    home = Home(sample)
    refresh(Request(home), Reporter())
    snapshot = snapshots.current(home)
    assert snapshot is not None
    connection = duckdb.connect()
    connection.execute(f"attach '{snapshot.path}' as published (read_only)")
    connection.execute("create schema marts; create schema truth")
    for table in ("fct_claims", "fct_payment_variances", "fct_account_ledger", "fct_denials", "fct_credit_balances"):
        connection.execute(f"create view marts.{table} as select * from published.marts.{table}")
    for table in TRUTH:
        path = home.root / "truth" / f"{table}.csv"
        # Amounts are exact, never floating: a sum of planted cents must be the cents themselves.
        connection.execute(
            f"create table truth.{table} as select * from read_csv('{path}', header = true, "
            "auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DATE', 'DECIMAL(18,2)', 'VARCHAR'])"
        )
    return connection


def _score(con: duckdb.DuckDBPyConnection, title: str, sql: str) -> Score:
    row = con.execute(sql).fetchone()
    assert row is not None
    return Score(title, int(row[0] or 0), int(row[1] or 0))


def _prices(con: duckdb.DuckDBPyConnection) -> list[Score]:
    return [
        _score(
            con,
            "expected allowed amounts, to the cent (claim lines and claims)",
            "select count(*) filter "
            "(planted.expected_allowed_amount is not distinct from found.expected_allowed_amount), "
            f"count(*) {VARIANCE_PAIRS}",
        ),
        _score(
            con,
            "the payer's allowed amounts, to the cent",
            f"select count(*) filter (planted.allowed_amount = found.allowed_amount), count(*) {VARIANCE_PAIRS}",
        ),
    ]


def _classes(con: duckdb.DuckDBPyConnection) -> list[Score]:
    scores = []
    for name in ("underpaid", "overpaid"):
        both = f"planted.variance_class = '{name}' and found.variance_class = '{name}'"
        for word, side in (("precision", "found"), ("recall", "planted")):
            scores.append(
                _score(
                    con,
                    f"{name}, {word}",
                    f"select count(*) filter ({both}), count(*) filter ({side}.variance_class = '{name}') "
                    f"{VARIANCE_PAIRS}",
                )
            )
    return scores


def _causes(con: duckdb.DuckDBPyConnection) -> list[Score]:
    rows = con.execute(
        "select causes.root_cause, count(*) filter (planted.root_cause = found.root_cause), count(planted.root_cause) "
        f"{VARIANCE_PAIRS} right join read_csv(?) as causes on planted.root_cause = causes.root_cause "
        "group by 1 order by 1",
        [str(ROOT_CAUSES)],
    ).fetchall()
    return [Score(f"`{cause}`", right, count) for cause, right, count in rows]


def _ledger(con: duckdb.DuckDBPyConnection) -> list[Score]:
    return [
        _score(
            con,
            "days of an account and responsibility with the postings planted, to the cent",
            """
            with planted as (
                select claim_id, posted_date, responsibility, sum(amount) as amount
                from truth.account_ledger group by all
            ),
            found as (
                select claims.claim_id, ledger.posted_date, ledger.responsibility, sum(ledger.amount) as amount
                from marts.fct_account_ledger as ledger inner join marts.fct_claims as claims using (claim_key)
                group by all
            )
            select count(*) filter (coalesce(planted.amount, 0) = coalesce(found.amount, 0)), count(*)
            from planted full join found using (claim_id, posted_date, responsibility)
            """,
        ),
        _score(
            con,
            "balances of claims, to the cent",
            "select count(*) filter (planted.balance_amount = found.balance_amount), count(*) "
            "from truth.claims as planted full join marts.fct_claims as found using (claim_id) "
            "where planted.origin = 'claim'",
        ),
    ]


def _denials(con: duckdb.DuckDBPyConnection) -> list[Score]:
    pairs = (
        "from truth.denials as planted full join marts.fct_denials as found "
        "on planted.claim_id = found.claim_id and planted.line_number = found.line_number "
        "and planted.denial_date = found.denial_date"
    )
    return [
        _score(
            con,
            "denied lines and claims with reason and amount",
            "select count(*) filter (planted.reason_code = found.reason_code and planted.denied_amount = "
            f"found.denied_amount), count(*) {pairs}",
        ),
        _score(
            con,
            "outcomes, where INTERFACE names one",
            "select count(*) filter (planted.outcome = found.outcome), count(*) "
            f"{pairs} where planted.is_outcome_certain",
        ),
    ]


def _credits(con: duckdb.DuckDBPyConnection) -> list[Score]:
    pairs = "from truth.credit_balances as planted full join marts.fct_credit_balances as found using (claim_id)"
    return [
        _score(
            con,
            "accounts in credit, amounts to the cent",
            f"select count(*) filter (planted.credit_amount = found.credit_amount), count(*) {pairs}",
        ),
        _score(
            con,
            "cause, where INTERFACE names one",
            "select count(*) filter (planted.cause = found.cause), count(*) "
            f"{pairs} where coalesce(planted.is_cause_certain, true)",
        ),
        _score(con, "owner", f"select count(*) filter (planted.owner = found.owner), count(*) {pairs}"),
    ]


def _table(scores: list[Score]) -> str:
    lines = ["| of what | right | of | percent |", "|---|---:|---:|---:|"]
    return "\n".join(lines + [f"| {s.title} | {s.right:,} | {s.all:,} | {s.percent:.1f} |" for s in scores])


def test_the_warehouse_finds_what_was_planted(con: duckdb.DuckDBPyConnection) -> None:
    prices, classes, causes = _prices(con), _classes(con), _causes(con)
    ledger, denials, credits = _ledger(con), _denials(con), _credits(con)
    sections = {
        "Prices": prices,
        "Variance classes": classes,
        "Root causes (share of the planted that is named rightly)": causes,
        "Ledger": ledger,
        "Denials": denials,
        "Credit balances": credits,
    }
    text = (
        "# Accuracy\n\nWritten by `tests/accuracy/test_sample_truth.py`, never by hand: a sample home of "
        f"{CLAIMS:,} claims in {MONTHS} months from {START}, seed {SEED}, against what its generator planted.\n\n"
        + "\n\n".join(f"## {title}\n\n{_table(scores)}" for title, scores in sections.items())
        + "\n"
    )
    if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != text:
        Path(DOCUMENT).write_text(text, encoding="utf-8")
    assert [score for score in prices + ledger if score.right != score.all] == []
    assert [score for score in classes if score.percent < 99] == []
    explained = [score for score in causes if score.title != "`unexplained`"]
    assert sum(score.right for score in explained) >= 0.95 * sum(score.all for score in explained)
    assert [score for score in explained if score.all >= 10 and score.percent < 85] == []
    assert [score for score in denials + credits if score.percent < 95] == []
    assert all(score.all for scores in sections.values() for score in scores)
