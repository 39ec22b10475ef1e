"""`owed check`: each X12 transaction is accepted, accepted with findings or refused, and comes back from the tables."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from loaders.x12.writeback import written_back
from owed.check import FileReport, check
from owed.check_report import RoundTrip
from owed.errors import WrongUseError
from owed.home import Home
from tests.conftest import Owed
from tests.loaders.x12.x12_text import CLAIM, REMITTANCE, interchange, transaction

UNBALANCED = [segment.replace("CAS*CO*45*20", "CAS*CO*45*19") for segment in REMITTANCE]
THREE = interchange(
    transaction("835", REMITTANCE, control="0001"),
    transaction("835", UNBALANCED, control="0002"),
    transaction("835", REMITTANCE[1:], control="0003"),
    transaction("270", ["BHT*0022*13"], control="0004"),
)


def _check(tmp_path: Path, *contents: str, with_round_trip: bool = False) -> list[FileReport]:
    paths = []
    for number, content in enumerate(contents):
        paths.append(tmp_path / f"{number}.x12")
        paths[-1].write_text(content)
    return check(Home(tmp_path / "home"), paths, with_round_trip=with_round_trip)


def test_each_transaction_has_a_status_and_its_findings(tmp_path: Path) -> None:
    (report,) = _check(tmp_path, THREE)
    assert report.outcome.status == "loaded_with_findings"
    told = [(t.transaction_number, t.kind, t.control_number, t.status, t.claim_count) for t in report.transactions]
    assert told == [
        (1, "835", "0001", "accepted", 1),
        (2, "835", "0002", "accepted_with_findings", 1),
        (3, "835", "0003", "refused", 1),
        (4, "270", "0004", "refused", None),
    ]
    # ISA and GS, 16 segments of the first; in the second ST, BPR, TRN, DTM, N1, N1, LX stand before its CLP and SVC
    # two after: 2 + 16 + 8 = 26 and 28.
    assert [(f.rule, f.segment_number) for f in report.transactions[1].findings] == [
        ("claim_balance", 26),
        ("service_balance", 28),
    ]
    assert report.transactions[2].reason == "payment_missing: the 835 has no BPR, or BPR02 is not an amount"
    assert report.transactions[3].reason == "unsupported_transaction: 270 is neither 835 nor 837"
    assert [finding.rule for finding in report.findings] == ["unsupported_transaction"]


def test_a_file_that_ends_early_refuses_each_of_its_transactions(tmp_path: Path) -> None:
    whole = interchange(transaction("835", REMITTANCE), transaction("835", REMITTANCE, control="0002"))
    (report,) = _check(tmp_path, whole[: whole.index("SE*16*0002")])
    assert report.outcome.refusal_reason is not None
    assert report.outcome.refusal_reason.startswith("truncated")
    assert [(t.control_number, t.status, t.reason) for t in report.transactions] == [
        ("0001", "refused", "the file is refused whole"),
        ("0002", "refused", "it has no SE, and the file is refused whole"),
    ]


def test_transactions_come_back_from_the_tables(tmp_path: Path) -> None:
    claims = interchange(transaction("837", CLAIM, version="005010X222A1"), version="005010X222A1")
    other = claims.translate(str.maketrans("*:~", "|>\n"))
    odd = THREE.replace("REF*6R*LINE-1", "ref*6R*LINE-1**").replace("AMT*B6*100~", "ZZ*1~")
    reports = _check(tmp_path, odd, claims + other, with_round_trip=True)
    assert all(report.is_good for report in reports)
    # A transaction is its body, ST and SE; the third has no BPR, and the fourth is not landed.
    assert [t.round_trip for t in reports[0].transactions] == [
        RoundTrip(16, 16),
        RoundTrip(16, 16),
        RoundTrip(15, 15),
        None,
    ]
    assert [t.round_trip for t in reports[1].transactions] == [RoundTrip(19, 19), RoundTrip(19, 19)]


def test_a_loss_in_the_tables_would_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lossy(*arguments: object) -> object:
        for file, number, segments in written_back(*arguments):  # type: ignore[arg-type]
            yield file, number, [(place, text.replace("LINE-1", "LINE")) for place, text in segments]

    monkeypatch.setattr("owed.check_report.written_back", lossy)
    (report,) = _check(tmp_path, interchange(transaction("835", REMITTANCE)), with_round_trip=True)
    # ISA, GS, ST and twelve of the body come before the REF.
    assert report.transactions[0].round_trip == RoundTrip(16, 15, 16)
    assert not report.is_good


def test_a_file_given_twice_is_reported_once_and_an_archive_by_member(tmp_path: Path) -> None:
    packed = tmp_path / "a.gz"
    packed.write_bytes(gzip.compress(THREE.encode()))
    plain = tmp_path / "b.x12"
    plain.write_text(THREE)
    reports = check(Home(tmp_path / "home"), [packed, plain])
    assert [(report.outcome.status, len(report.transactions)) for report in reports] == [
        ("loaded_with_findings", 4),
        ("duplicate", 0),
    ]


def test_files_that_are_not_there_are_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="There is no file"):
        check(Home(tmp_path), [tmp_path / "none"])


def test_the_command_tells_it_in_text_and_json(owed: Owed, home: Home) -> None:
    path = home.root / "remits.835"
    path.write_text(THREE)
    text = owed("check", str(path), "--roundtrip", home=home)
    assert (text.returncode, text.stderr) == (0, "")
    missing = "the 835 has no BPR, or BPR02 is not an amount"
    assert text.stdout.splitlines() == [
        "remits.835: 835, loaded with findings, 3 claims, 4 findings",
        "  warn: unsupported_transaction: 1 transaction sets are neither 835 nor 837 and were left out",
        "  1  835  0001, accepted, 16 segments, 1 claim",
        "  2  835  0002, accepted with findings, 16 segments, 1 claim",
        "    warn: claim_balance, segment 26: CLP03 less all adjustments is not CLP04",
        "    warn: service_balance, segment 28: SVC02 less the line's adjustments is not SVC03",
        f"  3  835  0003, refused (payment_missing: {missing}), 15 segments, 1 claim",
        f"    fail: payment_missing, segment 35: {missing}",
        "  4  270  0004, refused (unsupported_transaction: 270 is neither 835 nor 837), 3 segments",
        "  written back from the tables: 47 of 47 segments the same",
    ]
    asked = owed("check", str(path), "--json", home=home)
    (file,) = json.loads(asked.stdout)
    assert [entry["status"] for entry in file["transactions"]] == [
        "accepted",
        "accepted_with_findings",
        "refused",
        "refused",
    ]
    path.write_text(THREE[:-200])
    assert owed("check", str(path), home=home).returncode == 1
    assert not home.warehouse.exists()
