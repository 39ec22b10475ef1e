"""The public samples: every count and sum equals what an unrelated program worked out, and nothing is lost."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from loaders.landing import Landing
from loaders.x12.writeback import written_back
from tests.loaders.x12.x12_text import segments_of


@pytest.fixture(scope="module")
def oracle(shared_dir: Path) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for name in ("oracle_835.csv", "oracle_837.csv"):
        with (shared_dir / "samples/x12" / name).open(encoding="utf-8") as stream:
            rows.update({row["file"]: row for row in csv.DictReader(stream)})
    return rows


@pytest.fixture(scope="module")
def landed(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    landing = Landing(con, tmp_path_factory.mktemp("quarantine"), "test")
    landing.prepare()
    outcomes = list(landing.land([shared_dir / "samples/x12"]))
    assert len(outcomes) > 170
    return con


def _files(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, object]]:
    cursor = con.execute("SELECT * FROM raw.files")
    names = [column[0] for column in cursor.description or []]
    return {row[names.index("file_name")]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def test_every_sample_is_loaded(landed: duckdb.DuckDBPyConnection, oracle: dict[str, dict[str, str]]) -> None:
    files = _files(landed)
    assert {name: files[name]["status"] for name in oracle if not str(files[name]["status"]).startswith("loaded")} == {}


def test_counts_and_sums_equal_the_oracle(landed: duckdb.DuckDBPyConnection, oracle: dict[str, dict[str, str]]) -> None:
    files = _files(landed)
    differences = []
    for name, row in oracle.items():
        got = files[name]
        expected: dict[str, Decimal] = {
            "interchange_count": Decimal(row["isa"]),
            "transaction_count": Decimal(row["st"]),
        }
        if "n_clp" in row:
            expected |= {
                "claim_count": Decimal(row["n_clp"]),
                "service_line_count": Decimal(row["n_svc"]),
                "adjustment_count": Decimal(row["n_cas_adj"]),
                "charge_amount": Decimal(row["sum_clp03"]),
                "paid_amount": Decimal(row["sum_clp04"]),
            }
        else:
            # The oracle counts an 837's CAS segments, not its adjustments: those are proved by the write-back.
            expected |= {
                "claim_count": Decimal(row["n_clm"]),
                "service_line_count": Decimal(row["n_sv1"]) + Decimal(row["n_sv2"]) + Decimal(row["n_sv3"]),
                "charge_amount": Decimal(row["sum_clm02"]),
            }
        for column, value in expected.items():
            if Decimal(str(got[column])) != value:
                differences.append((name, column, got[column], value))
    assert differences == []


def test_kinds_equal_the_oracle(landed: duckdb.DuckDBPyConnection, oracle: dict[str, dict[str, str]]) -> None:
    files = _files(landed)
    wrong = []
    for name, row in oracle.items():
        expected = "835" if "n_clp" in row else f"837{row['kind']}" if row["kind"] else None
        if expected is not None and files[name]["kind"] != expected:
            wrong.append((name, files[name]["kind"], expected))
    assert wrong == []


def test_unbalanced_claims_and_services_are_findings(
    landed: duckdb.DuckDBPyConnection, oracle: dict[str, dict[str, str]]
) -> None:
    found = landed.execute(
        "SELECT files.file_name, findings.rule, count(*) FROM raw.findings INNER JOIN raw.files USING (file_number) "
        "WHERE findings.rule IN "
        "('claim_balance', 'service_balance', 'service_charge_not_an_amount', 'remittance_balance') "
        "GROUP BY ALL"
    ).fetchall()
    claims = {name: count for name, rule, count in found if rule == "claim_balance"}
    services = {name: count for name, rule, count in found if rule.startswith("service")}
    remittances = {row["file"]: row for row in oracle.values() if "n_clp" in row}
    assert claims == {n: int(r["claims_unbalanced"]) for n, r in remittances.items() if int(r["claims_unbalanced"])}
    assert services == {
        n: int(r["services_unbalanced"]) for n, r in remittances.items() if int(r["services_unbalanced"])
    }
    assert not [name for name, rule, _ in found if rule == "remittance_balance"]
    assert all(row["st_unbalanced"] == "0" for row in remittances.values())


def test_wrong_se01_is_a_finding_and_not_a_refusal(
    landed: duckdb.DuckDBPyConnection, oracle: dict[str, dict[str, str]]
) -> None:
    rows = landed.execute(
        "SELECT DISTINCT files.file_name FROM raw.findings INNER JOIN raw.files USING (file_number) "
        "WHERE findings.rule = 'se01_segment_count'"
    ).fetchall()
    assert {name for (name,) in rows} == {name for name, row in oracle.items() if "SE01 wrong" in row["traits"]}


def test_every_transaction_can_be_written_back(
    landed: duckdb.DuckDBPyConnection, oracle: dict[str, dict[str, str]], shared_dir: Path
) -> None:
    names = dict(landed.execute("SELECT file_number, file_name FROM raw.files").fetchall())
    back: dict[str, list[list[str]]] = {}
    for file_number, _, segments in written_back(landed, (1, max(names))):
        back.setdefault(names[file_number], []).append([text for _, text in segments])
    expected = {name: segments_of((shared_dir / "samples/x12" / name).read_bytes()) for name in oracle}
    assert {name: back[name] for name in oracle} == expected
    assert sum(len(segments) for transactions in expected.values() for segments in transactions) > 3_000
