"""The sample looks like life: season, lags, mix, errors and denials in their shares; and it is repeatable."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from owed.sample import generate
from owed.sample.calendar import Calendar
from owed.sample.timing import claims_by_day

from .conftest import Sample
from .naive import split


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_seed_fixes_every_byte(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("same", 3), ("other", 4)):
        generate(tmp_path / name, claims=150, seed=seed)
    assert contents(tmp_path / "one") == contents(tmp_path / "same")
    assert contents(tmp_path / "one") != contents(tmp_path / "other")
    generate(tmp_path / "bare", claims=150, seed=3, with_truth=False)
    assert contents(tmp_path / "bare" / "inbox") == contents(tmp_path / "one" / "inbox")
    assert len((tmp_path / "bare" / "truth" / "claims.csv").read_text().splitlines()) == 1


def test_period_and_number_of_claims_are_as_asked(tmp_path: Path) -> None:
    summary = generate(tmp_path, claims=60, months=14, start=date(2024, 3, 1), end=date(2025, 2, 14))
    assert (summary.claims, summary.as_of) == (60, date(2025, 2, 14))
    names = sorted(path.name[:10] for path in (tmp_path / "inbox" / "claims").iterdir())
    assert names[0] >= "2024-03-01" and names[-1] == "2025-02-14"
    text = (tmp_path / "inbox" / "contracts" / "bluestone-professional-2.contract.yaml").read_text()
    assert "effective: {from: 2024-09-01, to: 2025-02-28}" in text


def test_what_is_open_for_more_than_a_year_is_written_off(tmp_path: Path) -> None:
    """So receivables keep their size over the years: here nothing is open that is older than thirteen months."""
    generate(tmp_path, claims=1_500, months=42)
    with (tmp_path / "truth" / "claims.csv").open(encoding="utf-8") as stream:
        claims = [row for row in csv.DictReader(stream) if row["origin"] == "claim"]
    assert {row["service_from_date"][:4] for row in claims} == {"2025", "2026", "2027", "2028"}
    is_open = [(row["service_to_date"], row["claim_id"]) for row in claims if Decimal(row["balance_amount"]) > 0]
    assert min(is_open)[0] > "2027-06-01"
    assert len(is_open) > 100
    with (tmp_path / "truth" / "account_ledger.csv").open(encoding="utf-8") as stream:
        kinds = Counter(row["posting_type"] for row in csv.DictReader(stream) if row["posted_date"] >= "2027-01-01")
    assert kinds["administrative_write_off"] > 30
    assert kinds["bad_debt"] > 30


def test_days_sum_to_the_claims_and_weekends_are_quiet() -> None:
    calendar = Calendar(date(2025, 1, 1), date(2025, 12, 31))
    counts = claims_by_day(calendar, 20_000)
    assert sum(counts) == 20_000 and len(counts) == 365
    by_weekday: Counter[int] = Counter()
    for day, count in enumerate(counts):
        by_weekday[calendar.weekday(day)] += count
    assert by_weekday[6] < by_weekday[5] < by_weekday[4] / 2
    assert all(earlier > later for earlier, later in pairwise(by_weekday[day] for day in range(5)))


def test_shares(sample: Sample) -> None:
    claims = [row for row in sample.truth("claims") if row["origin"] == "claim"]
    assert len(claims) == sample.summary.claims == 2_500
    assert len({row["payer_id"] for row in claims}) >= 9
    kinds = Counter(row["claim_type"] for row in claims)
    assert 0.68 < kinds["professional"] / len(claims) < 0.80
    assert 0.18 < kinds["institutional"] / len(claims) < 0.28
    rows = sample.truth("payment_variances")
    classes = Counter(row["variance_class"] for row in rows)
    assert 0.015 < classes["underpaid"] / len(rows) < 0.06
    assert 0.003 < classes["overpaid"] / len(rows) < 0.03
    assert 0.01 < classes["not_priced"] / len(rows) < 0.06
    denied = {row["claim_id"] for row in sample.truth("denials") if row["is_initial"] == "true"}
    assert 0.07 < len(denied) / len(claims) < 0.18
    assert {row["outcome"] for row in sample.truth("denials")} >= {
        "open", "rebilled", "appealed", "overturned", "upheld", "written_off", "past_deadline", "billed_to_patient",
    }  # fmt: skip
    assert len({row["cause"] for row in sample.truth("credit_balances")}) >= 7
    assert len({row["root_cause"] for row in rows}) >= 12


def test_one_payer_slows_down_and_one_reason_rises(sample: Sample) -> None:
    sent = {row["claim_id"]: row["first_submitted_date"] for row in sample.truth("claims")}
    lags: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for row in sample.truth("payment_variances"):
        if sent[row["claim_id"]]:
            first, paid = date.fromisoformat(sent[row["claim_id"]]), date.fromisoformat(row["remit_date"])
            lags[row["payer_id"], first >= date(2025, 7, 1)].append((paid - first).days)

    def median(payer: str, late: bool) -> int:
        return sorted(lags[payer, late])[len(lags[payer, late]) // 2]

    assert median("CEDARLINE", True) > median("CEDARLINE", False) + 7
    assert abs(median("NORTHFIELD", True) - median("NORTHFIELD", False)) < 6
    initial = {
        (row["claim_id"], row["reason_code"] == "252", row["denial_date"] >= "2025-07-01")
        for row in sample.truth("denials")
        if row["is_initial"] == "true"
    }
    found = Counter((rises, late) for _, rises, late in initial)
    assert found[True, True] / found[False, True] > 1.3 * found[True, False] / found[False, False]


def test_imaging_is_underpaid_by_one_payer_only_since_the_new_contract(sample: Sample) -> None:
    rows = [
        row
        for row in sample.truth("payment_variances")
        if (row["payer_id"], row["term_id"]) == ("BLUESTONE", "imaging") and row["root_cause"] == "stale_rate"
    ]
    assert len(rows) > 5
    assert {row["contract_id"] for row in rows} == {"bluestone-professional-2"}


def test_names_are_fictional_and_nothing_is_dated_after_the_end(sample: Sample) -> None:
    for path in sample.claim_files() + sample.remittance_files():
        assert path.name[:10] <= "2025-12-31"
        for segment in split(path).segments:
            if segment[0] == "NM1" and segment[2] == "1":
                assert segment[3].startswith(("TESTPATIENT-", "TESTDOCTOR-"))
            if segment[0] == "N1":
                assert "FICTIONAL" in segment[2]
    assert max(path.name[:10] for path in sample.claim_files()) == "2025-12-31"
