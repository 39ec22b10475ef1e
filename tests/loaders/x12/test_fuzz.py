"""A short run of the fuzzer, and the inputs that once broke the reader."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb

from bench.x12_fuzz import Fuzzer, seeds
from loaders.source import LoadResult
from loaders.x12.writeback import transaction_segments
from tests.loaders.x12.conftest import Land
from tests.loaders.x12.x12_text import REMITTANCE, interchange, transaction

GOOD = interchange(transaction("835", REMITTANCE))


def test_mutated_files_are_read_or_refused(tmp_path: Path) -> None:
    fuzzer = Fuzzer(random.Random(3), tmp_path, list(seeds()))
    fuzzer.rounds(1)
    assert fuzzer.failures == {}
    # More than one rule refused something, and something was read: the mutations are neither too weak nor too strong.
    assert {"truncated", "isa_malformed"} <= set(fuzzer.outcomes)
    assert any(outcome.startswith("read") for outcome in fuzzer.outcomes)


def test_an_acknowledgement_within_a_transaction_comes_back(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    segments = transaction("835", [*REMITTANCE, "TA1*000000001*250301*1200*A*000", "AMT*I*1"])
    assert isinstance(land({"a": interchange(segments).encode()})["a"], LoadResult)
    assert [text for _, text in transaction_segments(con, 1, 1)] == segments
    loop = con.execute("SELECT loop FROM raw.x12_amt WHERE qualifier = 'I'").fetchone()
    assert loop == ("2110",)


def test_a_later_interchange_may_be_separated_by_tabs(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    assert isinstance(land({"a": (GOOD + GOOD.replace("*", "\t")).encode()})["a"], LoadResult)
    assert con.execute("SELECT claim_id, paid_amount FROM raw.x12_clp").fetchall() == [("CLAIM-1", 80)] * 2


def test_a_segment_that_begins_like_a_header_is_data(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    text = interchange(transaction("835", [*REMITTANCE, "ISA\tis a word", "ISA is too"]))
    assert isinstance(land({"a": text.encode()})["a"], LoadResult)
    assert con.execute("SELECT count(*) FROM raw.x12_unmapped_segments").fetchone() == (2,)


def test_one_wrong_byte_makes_one_segment_latin1(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    text = GOOD.replace("ALPHA", "ÁLPHA").encode().replace(b"HARBOR", b"H\xc1RBOR")
    assert isinstance(land({"a": text})["a"], LoadResult)
    assert con.execute("SELECT first_name FROM raw.x12_nm1 WHERE entity = 'QC'").fetchone() == ("ÁLPHA",)
    assert con.execute("SELECT name FROM raw.x12_n1 WHERE entity = 'PE'").fetchone() == ("HÁRBOR FICTIONAL CLINIC",)
