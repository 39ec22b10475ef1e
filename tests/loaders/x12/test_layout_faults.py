"""Text around interchanges, broken envelopes, and values that are none: read or refused, and said."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from loaders.source import Finding, LoadResult, Refusal
from tests.loaders.x12.conftest import Land, row_count
from tests.loaders.x12.x12_text import CLAIM, REMITTANCE, interchange, transaction

GOOD = interchange(transaction("835", REMITTANCE))
CLAIMS = interchange(transaction("837", CLAIM, version="005010X222A1"), version="005010X222A1")


def _loaded(land: Land, text: str, encoding: str = "utf-8") -> LoadResult:
    outcome = land({"a.x12": text.encode(encoding)})["a.x12"]
    assert isinstance(outcome, LoadResult), outcome
    return outcome


def _refused(land: Land, con: duckdb.DuckDBPyConnection, text: str, encoding: str = "utf-8") -> Refusal:
    outcome = land({"a.x12": text.encode(encoding)})["a.x12"]
    assert isinstance(outcome, Refusal), outcome
    assert row_count(con) == 0
    assert outcome.position is not None
    return outcome


@pytest.mark.parametrize("blank", ["\t", "\0", "\x0b", "\r", "\r\n"])
def test_a_blank_may_be_the_terminator(con: duckdb.DuckDBPyConnection, land: Land, blank: str) -> None:
    assert _loaded(land, GOOD.replace("~", blank)).findings == []
    assert con.execute("SELECT paid_amount FROM raw.x12_clp").fetchone() == (80,)


def test_a_tab_may_be_the_separator_and_an_identifier_be_missing(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    _loaded(land, GOOD.replace("AMT*B6*100~", "*B6*100~").replace("*", "\t"))
    assert con.execute("SELECT paid_amount FROM raw.x12_clp").fetchone() == (80,)
    assert con.execute("SELECT segment_id, verbatim FROM raw.x12_unmapped_segments").fetchall() == [(None, "\tB6\t100")]


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a\r\n", "\x1a\0\0"])
def test_the_end_mark_of_dos_is_a_blank(land: Land, end: str) -> None:
    assert _loaded(land, GOOD + end).findings == []


@pytest.mark.parametrize("between", ["\x1a", "\ufeff", "\n\ufeff", "\n\n", " \0 "])
def test_files_appended_to_each_other_are_as_many_interchanges(
    con: duckdb.DuckDBPyConnection, land: Land, between: str
) -> None:
    assert _loaded(land, GOOD + between + GOOD + between + CLAIMS).findings == []
    assert con.execute("SELECT count(*) FROM raw.x12_isa").fetchone() == (3,)
    assert con.execute("SELECT count(*) FROM raw.x12_unmapped_segments").fetchone() == (0,)


def test_sixty_thousand_leading_blanks(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    assert _loaded(land, " " * 60_000 + GOOD).findings == []


@pytest.mark.parametrize("delimiter", ["*", ":", "~"])
def test_a_delimiter_beyond_ascii_is_refused(con: duckdb.DuckDBPyConnection, land: Land, delimiter: str) -> None:
    refusal = _refused(land, con, GOOD.replace(delimiter, "\xa7"), "latin-1")
    assert (refusal.rule, refusal.reason) == ("isa_malformed", "a delimiter of the ISA is not an ASCII character")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GOOD.replace("*P*:~", "*P*~").replace("~", "~\n"), id="no ISA16, a segment a line"),
        pytest.param(GOOD.replace("*P*:~", "*P*:"), id="no terminator"),
        pytest.param(GOOD.replace("^*00501", "**00501"), id="the separator as the repetition separator"),
        pytest.param(GOOD.replace(":", "*"), id="separators alike"),
    ],
)
def test_an_isa_that_does_not_say_its_delimiters_is_refused(
    con: duckdb.DuckDBPyConnection, land: Land, text: str
) -> None:
    assert _refused(land, con, text).rule in {"isa_malformed", "no_transaction"}


def _rules(result: LoadResult) -> list[str]:
    return [finding.rule for finding in result.findings]


@pytest.mark.parametrize("stray", ["CLP*X*1*1*1*1~", "HELLO~", "SE*1*0001~"])
def test_segments_outside_of_transactions_are_kept_and_nobodys_claim(
    con: duckdb.DuckDBPyConnection, land: Land, stray: str
) -> None:
    result = _loaded(land, GOOD.replace("GE*1", f"{stray}GE*1"))
    # ISA, GS and the transaction's segments come first.
    number = 2 + len(transaction("835", REMITTANCE)) + 1
    reason = "1 segments stand outside of transactions and are in no figure"
    assert result.findings == [Finding("outside_transaction", "warn", reason, segment_number=number)]
    assert con.execute(
        "SELECT transaction_number, segment_number, verbatim FROM raw.x12_unmapped_segments"
    ).fetchall() == [(None, number, stray[:-1])]
    assert con.execute("SELECT claim_id FROM raw.x12_clp").fetchall() == [("CLAIM-1",)]
    assert con.execute("SELECT count(*) FROM raw.x12_se").fetchone() == (1,)


def test_text_after_the_last_interchange_loses_no_payment(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    assert _rules(_loaded(land, GOOD + "END OF FILE")) == ["outside_transaction"]
    assert con.execute("SELECT paid_amount FROM raw.x12_clp").fetchone() == (80,)


@pytest.mark.parametrize("rest", ["I", "IS", "ISA", "ISA*00*          *00", CLAIMS[:106], CLAIMS[:300], "isa*"])
def test_a_second_interchange_that_is_cut_refuses_the_file(
    con: duckdb.DuckDBPyConnection, land: Land, rest: str
) -> None:
    assert _refused(land, con, GOOD + rest).rule in {"truncated", "isa_malformed"}


@pytest.mark.parametrize(
    ("broken", "with_what"), [("ST*835*0001~", "ST*835*0001~ST*835*0002~"), ("SE*16*0001~", "SE*16*0001~ST*835*0002~")]
)
def test_a_transaction_without_end_in_the_middle_is_refused_though_another_ends_twice(
    con: duckdb.DuckDBPyConnection, land: Land, broken: str, with_what: str
) -> None:
    twice = GOOD.replace("SE*16*0001~", "SE*16*0001~SE*16*0001~")
    assert _refused(land, con, twice + GOOD.replace(broken, with_what)).rule == "truncated"


@pytest.mark.parametrize("trailer", ["GE*1*1~", "IEA*1*000000001~"])
def test_a_trailer_forgotten_between_others_loses_no_payment(
    con: duckdb.DuckDBPyConnection, land: Land, trailer: str
) -> None:
    _loaded(land, GOOD.replace(trailer, "") + CLAIMS)
    assert con.execute("SELECT (SELECT count(*) FROM raw.x12_clp), (SELECT count(*) FROM raw.x12_clm)").fetchone() == (
        1,
        1,
    )


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("CAS*CO*45*20", "CAS*CO*45*1,020.00", "CAS03 (amount 1) is not an amount"),
        ("CAS*CO*45*20", "CAS*CO*45*20-", "CAS03 (amount 1) is not an amount"),
        # A thousand billion is the first amount that is none; the guides stop at ten digits.
        ("CAS*CO*45*20", "CAS*CO*45*1000000000000", "CAS03 (amount 1) is not an amount"),
        ("CAS*CO*45*20", "CAS*CO*45*2E400", "CAS03 (amount 1) is not an amount"),
        ("DTM*472*20250301", "DTM*472*00000000", "DTM02 (date) is not a date CCYYMMDD"),
        ("DTM*472*20250301", "DTM*472*250301", "DTM02 (date) is not a date CCYYMMDD"),
        ("*80**1~", "*80**one~", "SVC05 (units) is not a number"),
    ],
)
def test_a_value_that_is_none_is_unknown_and_said(
    con: duckdb.DuckDBPyConnection, land: Land, old: str, new: str, what: str
) -> None:
    result = _loaded(land, GOOD.replace(old, new))
    assert [(f.rule, f.severity, f.message, f.transaction_number) for f in result.findings] == [
        ("value_not_read", "warn", f"{what} and counts as unknown", 1)
    ]
    segment_number = result.findings[0].segment_number
    kept = con.execute("SELECT verbatim FROM raw.x12_verbatim WHERE segment_number = ?", [segment_number]).fetchone()
    assert kept is not None
    assert new.strip("*~") in kept[0]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("CAS*CO*45*20", "CAS*CO*45*19.995", "CAS03 (amount 1) has more than 2 decimals and counts rounded"),
        ("CAS*CO*45*20", "CAS*CO*45*20.0000", None),
        ("CAS*CO*45*20", "CAS*CO*45*200E-1", None),
        ("*80**1~", "*80**0.9999999~", "SVC05 (units) has more than 6 decimals and counts rounded"),
        ("*80**1~", "*80**1.000000~", None),
    ],
)
def test_decimals_that_do_not_fit_are_rounded_and_said(
    con: duckdb.DuckDBPyConnection, land: Land, old: str, new: str, what: str | None
) -> None:
    # Half up to the cent 19.995 is 20.00, and 0.9999999 unit is 1.000000: nothing else about the claim changes.
    result = _loaded(land, GOOD.replace(old, new))
    told = [(f.rule, f.severity, f.message, f.transaction_number) for f in result.findings]
    assert told == ([("value_rounded", "warn", what, 1)] if what else [])
    assert con.execute("SELECT amount_1 FROM raw.x12_cas").fetchone() == (Decimal("20.00"),)
    assert con.execute("SELECT units FROM raw.x12_svc").fetchone() == (Decimal("1.000000"),)


def test_the_largest_amount_is_read(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    assert _loaded(land, GOOD.replace("CAS*CO*45*20", "CAS*CO*45*999999999999.99")).findings == []
    row = con.execute("SELECT CAST(amount_1 AS VARCHAR) FROM raw.x12_cas WHERE reason_code_1 = '45'").fetchone()
    assert row == ("999999999999.99",)


def test_a_value_wrong_everywhere_is_told_twenty_times_and_counted(land: Land) -> None:
    body = [*REMITTANCE, *["AMT*I*much"] * 25]
    result = _loaded(land, interchange(transaction("835", body)))
    assert len(result.findings) == 21
    assert result.findings[-1].message == "AMT02 (amount) is not an amount and counts as unknown: 5 more in this file"
