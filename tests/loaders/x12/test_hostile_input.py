"""Odd and hostile files: each is read rightly, or refused with position, rule and reason; nothing half-loads."""

from __future__ import annotations

import duckdb
import pytest

from loaders.source import LoadResult, Refusal
from loaders.x12 import load
from loaders.x12.writeback import transaction_segments
from tests.loaders.x12.conftest import Land, row_count, source
from tests.loaders.x12.x12_text import CLAIM, ISA, REMITTANCE, interchange, transaction

GOOD = interchange(transaction("835", REMITTANCE))
CLAIMS = interchange(transaction("837", CLAIM, version="005010X222A1"), version="005010X222A1")
EXPECTED = transaction("835", REMITTANCE)


def _back(con: duckdb.DuckDBPyConnection, file_number: int = 1, transaction_number: int = 1) -> list[str]:
    return [text for _, text in transaction_segments(con, file_number, transaction_number)]


@pytest.mark.parametrize(
    ("element", "component", "terminator"),
    [
        ("*", ":", "~"),
        ("|", ">", "~"),
        ("\x1d", "\x1f", "\x1e"),
        ("*", ":", "\n"),
        ("*", ">", "'"),
        ("^", "\\", "!"),
        ("q", "z", "~"),
    ],
)
def test_delimiters_come_from_the_isa(
    con: duckdb.DuckDBPyConnection, land: Land, element: str, component: str, terminator: str
) -> None:
    swap = str.maketrans({"*": element, ":": component, "~": terminator})
    outcome = land({"a.835": GOOD.replace("^*00501", "+*00501").translate(swap).encode()})
    assert isinstance(outcome["a.835"], LoadResult)
    assert _back(con) == [segment.translate(swap) for segment in EXPECTED]
    assert con.execute("SELECT procedure_code, procedure_modifier_1, charge_amount FROM raw.x12_svc").fetchall() == [
        ("99213", "25", 120)
    ]


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param(lambda text: text.replace("~", "~\n"), id="lf"),
        pytest.param(lambda text: text.replace("~", "~\r\n"), id="crlf"),
        pytest.param(lambda text: "\ufeff" + text, id="bom"),
        pytest.param(lambda text: "\n\n   " + text, id="leading blanks"),
        pytest.param(lambda text: "\0\0" + text, id="leading nuls"),
        pytest.param(lambda text: text + "\n\n \0", id="trailing blanks"),
        pytest.param(lambda text: "\r\n".join(text[i : i + 80] for i in range(0, len(text), 80)), id="wrapped at 80"),
        pytest.param(lambda text: text.replace("~", "~\n   "), id="indented"),
        pytest.param(lambda text: text[:-1], id="no last terminator"),
        pytest.param(lambda text: text.replace("~", "~~"), id="blank segments"),
        pytest.param(lambda text: text.replace("PAYER          *", "PAYER*"), id="short isa"),
        pytest.param(lambda text: text.replace("PAYER          *", "PAYER                      *"), id="long isa"),
    ],
)
def test_layout_changes_nothing(con: duckdb.DuckDBPyConnection, land: Land, layout) -> None:  # type: ignore[no-untyped-def]
    outcome = land({"a.835": layout(GOOD).encode()})
    assert isinstance(outcome["a.835"], LoadResult)
    assert _back(con) == EXPECTED


def test_interchanges_with_different_delimiters_in_one_file(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    other = GOOD.translate(str.maketrans({"*": "|", ":": ">", "~": "\x1e"}))
    outcome = land({"a.835": (GOOD + "\n" + other + GOOD).encode()})
    assert isinstance(outcome["a.835"], LoadResult)
    assert con.execute("SELECT charge_amount FROM raw.x12_clp ORDER BY segment_number").fetchall() == [(120,)] * 3
    assert _back(con, 1, 3) == EXPECTED
    assert con.execute("SELECT max(interchange_number) FROM raw.x12_transactions").fetchone() == (3,)


def test_835_and_837_in_one_file(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    assert isinstance(land({"both.x12": (GOOD + CLAIMS).encode()})["both.x12"], LoadResult)
    loops = con.execute("SELECT loop FROM raw.x12_ref WHERE qualifier = '6R' ORDER BY loop").fetchall()
    assert loops == [("2110",), ("2400",)]


def test_truncation_anywhere_refuses_the_file_whole(con: duckdb.DuckDBPyConnection) -> None:
    data = CLAIMS.encode()
    whole = data.index(b"~GE*") + len(b"~GE")
    files = [load.BatchFile(source(length + 1, f"cut at {length}", data[:length])) for length in range(len(data))]
    load.insert(con, load.read_batch(files))
    loaded = []
    for length, file in enumerate(files):
        if length >= whole and not data[:length].endswith((b"~I", b"~IE")):
            # A trailer has begun, so every transaction is there: what is missing loses no claim.
            assert isinstance(file.outcome, LoadResult), length
            loaded.append((length + 1,))
        else:
            assert isinstance(file.outcome, Refusal), length
            assert file.outcome.rule in {"truncated", "not_x12", "isa_malformed", "no_transaction"}
            assert file.outcome.position is not None
    for table in ("transactions", "st", "nm1", "clm", "sv1", "ref", "se"):
        assert con.execute(f"SELECT file_number FROM raw.x12_{table} GROUP BY 1 ORDER BY 1").fetchall() == loaded


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not_x12"),
        (b"claim_id,amount\n1,2\n", "not_x12"),
        (b"%PDF-1.7 \x00\x01\x02", "not_x12"),
        (b"ISA", "not_x12"),
        (b"ISA*00*", "isa_malformed"),
        (b"ISATTRIBUTE is a word", "isa_malformed"),
        (ISA.encode() + b"IEA*0*000000001~", "no_transaction"),
        (interchange(transaction("270", ["BHT*0022*13"])).encode(), "unsupported_transaction"),
    ],
)
def test_what_is_not_ours_is_refused(con: duckdb.DuckDBPyConnection, land: Land, content: bytes, rule: str) -> None:
    outcome = land({"odd": content})["odd"]
    assert isinstance(outcome, Refusal)
    assert (outcome.rule, row_count(con)) == (rule, 0)
    assert outcome.reason


def test_one_bad_file_does_not_stop_the_batch(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    outcomes = land({"good.835": GOOD.encode(), "cut.835": GOOD[:400].encode(), "claims.837": CLAIMS.encode()})
    assert isinstance(outcomes["cut.835"], Refusal)
    assert con.execute("SELECT DISTINCT file_number FROM raw.x12_transactions ORDER BY 1").fetchall() == [(1,), (3,)]
    assert _back(con, 3, 1) == transaction("837", CLAIM, version="005010X222A1")


def _with(segment: str, replacement: str) -> str:
    return interchange(transaction("835", [replacement if entry == segment else entry for entry in REMITTANCE]))


@pytest.mark.parametrize(
    ("segment", "replacement", "query", "expected"),
    [
        ("CAS*CO*45*20", "CAS*CO*45*-20.50", "SELECT amount_1 FROM raw.x12_cas WHERE reason_code_1 = '45'", "-20.50"),
        ("CAS*CO*45*20", "CAS*CO*45*2E1", "SELECT amount_1 FROM raw.x12_cas WHERE reason_code_1 = '45'", "20.00"),
        ("CAS*CO*45*20", "CAS*CO*45*twenty", "SELECT amount_1 FROM raw.x12_cas WHERE reason_code_1 = '45'", None),
        ("CAS*CO*45*20", "CAS*CO*45*.5", "SELECT amount_1 FROM raw.x12_cas WHERE reason_code_1 = '45'", "0.50"),
        (
            "DTM*472*20250301",
            "DTM*472*99991231",
            "SELECT CAST(\"date\" AS VARCHAR) FROM raw.x12_dtm WHERE loop = '2110'",
            "9999-12-31",
        ),
        (
            "DTM*472*20250301",
            "DTM*472*19000101",
            "SELECT CAST(\"date\" AS VARCHAR) FROM raw.x12_dtm WHERE loop = '2110'",
            "1900-01-01",
        ),
        ("DTM*472*20250301", "DTM*472*20251340", "SELECT \"date\" FROM raw.x12_dtm WHERE loop = '2110'", None),
        ("REF*6R*LINE-1", "REF*6R*LINE-1****", "SELECT value FROM raw.x12_ref WHERE qualifier = '6R'", "LINE-1"),
        ("REF*6R*LINE-1", "Ref*6R*LINE-1", "SELECT value FROM raw.x12_ref WHERE qualifier = '6R'", "LINE-1"),
        ("REF*6R*LINE-1", "REF *6R*LINE-1", "SELECT value FROM raw.x12_ref WHERE qualifier = '6R'", "LINE-1"),
        ("REF*6R*LINE-1", "ref*6R*LINE-1", "SELECT value FROM raw.x12_ref WHERE qualifier = '6R'", "LINE-1"),
        (
            "SVC*HC:99213:25*120*80**1",
            "SVC*HC:99213:25::*120*80**1",
            "SELECT procedure_modifier_1 FROM raw.x12_svc",
            "25",
        ),
        ("AMT*B6*100", "ZZZ*1*2", "SELECT verbatim FROM raw.x12_unmapped_segments", "ZZZ*1*2"),
        (
            "AMT*B6*100",
            "AMT*B6*100*C*9*9*9",
            "SELECT verbatim FROM raw.x12_verbatim",
            "AMT*B6*100*C*9*9*9",
        ),
    ],
)
def test_odd_values_are_read_and_kept(
    con: duckdb.DuckDBPyConnection, land: Land, segment: str, replacement: str, query: str, expected: str | None
) -> None:
    assert isinstance(land({"odd.835": _with(segment, replacement).encode()})["odd.835"], LoadResult)
    row = con.execute(query).fetchone()
    assert row is not None
    assert (None if row[0] is None else str(row[0])) == expected
    assert replacement in _back(con)


def test_latin1_bytes_are_read_and_said(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    outcome = land({"a.835": GOOD.replace("ALPHA", "ÁLPHA").encode("latin-1")})["a.835"]
    assert isinstance(outcome, LoadResult)
    assert [finding.rule for finding in outcome.findings] == ["encoding"]
    assert con.execute("SELECT first_name FROM raw.x12_nm1 WHERE entity = 'QC'").fetchone() == ("ÁLPHA",)


def test_a_segment_over_64_kilobytes(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    note = "N" * 70_000
    text = interchange(
        transaction("837", [*CLAIM[:12], f"NTE*ADD*{note}", *CLAIM[12:]], version="005010X222A1"),
        version="005010X222A1",
    )
    assert isinstance(land({"long.837": text.encode()})["long.837"], LoadResult)
    assert con.execute("SELECT length(description) FROM raw.x12_nte").fetchone() == (70_000,)


def test_small_chunks_read_like_one(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loop counters are carried over chunks: the same rows whatever the chunk size."""
    from loaders.x12 import stream

    body = CLAIM + [segment.replace("CLAIM-1", "CLAIM-2") for segment in CLAIM[11:]]
    expected = transaction("837", body, version="005010X222A1")
    text = interchange(expected, version="005010X222A1").encode()
    for number, size in enumerate((1 << 20, 700, 500, 1), start=1):
        monkeypatch.setattr(stream.chunks, "__defaults__", (size,))
        load.load(con, source(number, "a.837", text))
        assert _back(con, number) == expected
    for name in ("st", "hl", "clm", "lx", "sv1", "nm1", "ref", "dtp", "se"):
        same = f"SELECT * EXCLUDE (file_number), count(*) AS times FROM raw.x12_{name} GROUP BY ALL"
        assert con.execute(f"SELECT DISTINCT times FROM ({same})").fetchall() == [(4,)], name


def test_adjustments_of_all_six_triplets_stay_apart(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    cas = "CAS*CO*45*1**59*2*1*253*3**131*4**24*5**104*5"
    assert isinstance(land({"a.835": _with("CAS*CO*45*20", cas).encode()})["a.835"], LoadResult)
    row = con.execute(
        "SELECT reason_code_1, amount_1, quantity_1, reason_code_2, amount_2, quantity_2, reason_code_6, amount_6 "
        "FROM raw.x12_cas WHERE group_code = 'CO'"
    ).fetchone()
    assert row == ("45", 1, None, "59", 2, 1, "104", 5)


def test_streamed_and_batched_files_are_the_same(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land({"a": GOOD.encode(), "b": CLAIMS.encode()})
    batched = con.execute(
        "SELECT * EXCLUDE (file_number) FROM raw.x12_ref WHERE file_number = 2 ORDER BY ALL"
    ).fetchall()
    load.load(con, source(3, "c", CLAIMS.encode()))
    streamed = con.execute(
        "SELECT * EXCLUDE (file_number) FROM raw.x12_ref WHERE file_number = 3 ORDER BY ALL"
    ).fetchall()
    assert batched == streamed
