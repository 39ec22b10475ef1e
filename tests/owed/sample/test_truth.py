"""The truth tables agree with the files beside them, read back by a naive splitter."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from .conftest import Sample
from .naive import Claim, Remittance, remittance, split

ZERO = Decimal(0)


def payer_of(sample: Sample, file_name: str) -> str:
    """The payer in a remittance file's name, 2025-01-17-fedcare.835, in the truth's spelling."""
    return file_name.rsplit("/", 1)[-1][11:].removesuffix(".835").removesuffix("-resent").upper()


@pytest.fixture(scope="module")
def payments(sample: Sample) -> list[tuple[str, Remittance]]:
    """(payer, remittance) of every file that is no repetition, in the order of their dates."""
    return [
        (payer_of(sample, path.name), remittance(transaction))
        for path in sample.remittance_files()
        if "-resent" not in path.name and "-copy" not in path.name
        for transaction in split(path).transactions()
    ]


def test_remittances_and_provider_adjustments(sample: Sample) -> None:
    truth = {(row["file_name"], row["trace_number"]): row for row in sample.truth("remittances")}
    found = {}
    for path in sample.remittance_files():
        if "-copy" not in path.name:
            for transaction in split(path).transactions():
                one = remittance(transaction)
                found[f"remittances/{path.name}", one.trace] = (one.amount, one.provider_adjusted)
    assert found == {
        key: (Decimal(row["payment_amount"]), Decimal(row["provider_adjustment_amount"])) for key, row in truth.items()
    }
    originals = {row["trace_number"] for row in truth.values() if row["is_duplicate"] == "false"}
    repeated = [row["trace_number"] for row in truth.values() if row["is_duplicate"] == "true"]
    assert repeated and originals.issuperset(repeated)
    by_trace: dict[str, Decimal] = defaultdict(Decimal)
    for row in sample.truth("provider_adjustments"):
        by_trace[row["trace_number"]] += Decimal(row["adjustment_amount"])
    assert {trace: total for trace, total in by_trace.items() if total} == {
        row["trace_number"]: Decimal(row["provider_adjustment_amount"])
        for row in truth.values()
        if Decimal(row["provider_adjustment_amount"]) and row["is_duplicate"] == "false"
    }


def test_file_counts(sample: Sample) -> None:
    for row in sample.truth("files"):
        path = sample.folder / "inbox" / row["file_name"]
        assert path.is_file()
        if not row["kind"].startswith("8") or row["status"] == "duplicate":
            assert row["claim_count"] == ""
            continue
        segments = split(path).segments
        names = Counter(segment[0] for segment in segments)
        assert int(row["transaction_count"]) == names["ST"]
        assert int(row["claim_count"]) == names["CLM"] + names["CLP"]
        assert int(row["service_line_count"]) == names["SV1"] + names["SV2"] + names["SV3"] + names["SVC"]
        assert int(row["adjustment_count"]) == sum(
            len(segment[2::3]) for segment in segments if segment[0] == "CAS"
        )  # fmt: skip
        charges = [Decimal(s[2]) for s in segments if s[0] == "CLM"] + [
            Decimal(s[3]) for s in segments if s[0] == "CLP"
        ]
        assert Decimal(row["charge_amount"]) == sum(charges, ZERO)
        assert Decimal(row["paid_amount"]) == sum((Decimal(s[4]) for s in segments if s[0] == "CLP"), ZERO)
    on_disk = {path.relative_to(sample.folder / "inbox").as_posix() for path in sample.inbox_files()}
    assert on_disk == {row["file_name"] for row in sample.truth("files")}


def test_variances_state_what_the_latest_answer_allowed(
    sample: Sample, payments: list[tuple[str, Remittance]]
) -> None:  # fmt: skip
    payer = {row["claim_id"]: row["payer_id"] for row in sample.truth("claims")}
    latest: dict[str, Claim] = {}
    for payer_id, payment in payments:
        for claim in payment.claims:
            if claim.status != "22" and payer[claim.claim_id] == payer_id:
                latest[claim.claim_id] = claim
    rows = sample.truth("payment_variances")
    assert {row["claim_id"] for row in rows} == set(latest)
    for row in rows:
        claim = latest[row["claim_id"]]
        if row["line_number"] == "0":
            allowed = claim.allowed
        else:
            service = claim.services[int(row["line_number"]) - 1]
            allowed = service.paid + service.kept
            assert service.stated in (None, allowed)
        assert Decimal(row["allowed_amount"]) == allowed, row
        if row["expected_allowed_amount"]:
            difference = allowed - Decimal(row["expected_allowed_amount"])
            assert Decimal(row["variance_amount"]) == difference
            assert row["variance_class"] != "underpaid" or difference < 0
            assert row["variance_class"] != "overpaid" or difference > 0
        assert bool(row["root_cause"]) == (row["variance_class"] in ("underpaid", "overpaid"))


def test_balances_follow_from_the_files(sample: Sample, payments: list[tuple[str, Remittance]]) -> None:
    """Charge less payments, standing contractual amounts and transactions, for claims of one payer."""
    claims = {row["claim_id"]: row for row in sample.truth("claims")}
    balance: dict[str, Decimal] = defaultdict(Decimal)
    for path in sample.claim_files():
        frequency = {}
        for segment in split(path).segments:
            if segment[0] == "CLM":
                frequency[segment[1]] = segment[5].split(":")[2]
                balance[segment[1]] = ZERO if frequency[segment[1]] == "8" else Decimal(segment[2])
    standing: dict[str, list[Claim]] = defaultdict(list)
    for _, payment in payments:
        for claim in payment.claims:
            balance[claim.claim_id] -= claim.paid
            if claim.status == "22":
                undone = next(one for one in reversed(standing[claim.claim_id]) if one.paid == -claim.paid)
                standing[claim.claim_id].remove(undone)
            else:
                standing[claim.claim_id].append(claim)
    for claim_id, answers in standing.items():
        if answers:
            balance[claim_id] -= answers[-1].contractual
    with (sample.folder / "inbox/accounts/account_transactions.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            sign = 1 if row["transaction_type"] in ("patient_refund", "payer_refund") else -1
            balance[row["claim_id"]] += sign * Decimal(row["amount"])
    checked = 0
    for claim_id, row in claims.items():
        if row["origin"] == "claim" and not row["secondary_payer_id"]:
            assert Decimal(row["balance_amount"]) == balance[claim_id], row
            checked += 1
    assert checked > 1_500


def test_ledger_adds_up_and_starts_with_the_charge(sample: Sample) -> None:
    totals: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    first: dict[str, str] = {}
    for row in sample.truth("account_ledger"):
        totals[row["claim_id"]][row["responsibility"]] += Decimal(row["amount"])
        first.setdefault(row["claim_id"], row["posting_type"])
        assert row["posted_date"] <= "2025-12-31"
    assert set(first.values()) == {"charge"}
    for row in sample.truth("claims"):
        found = totals[row["claim_id"]]
        assert Decimal(row["primary_balance_amount"]) == found["primary_payer"]
        assert Decimal(row["secondary_balance_amount"]) == found["secondary_payer"]
        assert Decimal(row["patient_balance_amount"]) == found["patient"]
        assert Decimal(row["balance_amount"]) == sum(found.values(), ZERO)


def test_credits_are_the_accounts_below_zero(sample: Sample) -> None:
    below = {
        row["claim_id"]: -Decimal(row["balance_amount"])
        for row in sample.truth("claims")
        if Decimal(row["balance_amount"]) < 0
    }
    rows = sample.truth("credit_balances")
    assert {row["claim_id"]: Decimal(row["credit_amount"]) for row in rows} == below
    for row in rows:
        assert (row["owner"] == "patient") == (row["owner_payer_id"] == "")
        assert row["is_true_overpayment"] == str(row["cause"] not in ("excess_adjustment", "misposted_payment")).lower()


def test_denials_are_the_refused_amounts_in_the_files(
    sample: Sample, payments: list[tuple[str, Remittance]]
) -> None:  # fmt: skip
    payer = {row["claim_id"]: row["payer_id"] for row in sample.truth("claims")}
    found: Counter[tuple[str, str, Decimal]] = Counter()
    for payer_id, payment in payments:
        date = f"{payment.date[:4]}-{payment.date[4:6]}-{payment.date[6:]}"
        for claim in payment.claims:
            if claim.status == "22" or payer[claim.claim_id] != payer_id:
                continue
            for refused in [claim.refused, *(service.refused for service in claim.services)]:
                if refused:
                    found[claim.claim_id, date, refused] += 1
    rows = sample.truth("denials")
    assert found == Counter((row["claim_id"], row["denial_date"], Decimal(row["denied_amount"])) for row in rows)
    for row in rows:
        assert row["outcome"] in ("overturned", "partially_overturned") or not Decimal(row["recovered_amount"])
        assert (row["outcome"] == "billed_to_patient") == (row["group_code"] == "PR")
