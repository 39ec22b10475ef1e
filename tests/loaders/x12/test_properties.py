"""Properties of the reader, over random files: nothing is lost, nothing moves, and every value is the one written."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.source import LoadResult
from loaders.x12 import load, stream
from loaders.x12.delimiters import Delimiters
from loaders.x12.numbers import dates, decimals
from loaders.x12.tokens import split
from loaders.x12.writeback import written_back
from tests.loaders.x12.conftest import source
from tests.loaders.x12.x12_strategies import Text, files

# The fixture is one connection in a transaction; each example takes file numbers of its own.
BOUNDED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def _back(con: duckdb.DuckDBPyConnection, low: int, high: int) -> dict[int, list[list[str]]]:
    found: dict[int, list[list[str]]] = {}
    for file_number, _, segments in written_back(con, (low, high)):
        found.setdefault(file_number, []).append([text for _, text in segments])
    return found


class Numbers:
    """File numbers never used before in this test."""

    last = 0

    def take(self, count: int) -> list[int]:
        self.last += count
        return list(range(self.last - count + 1, self.last + 1))


NUMBERS = Numbers()


@settings(BOUNDED, max_examples=5)
@given(texts=st.lists(files(), min_size=4, max_size=8))
def test_files_landed_together_come_back_segment_for_segment(con: duckdb.DuckDBPyConnection, texts: list[Text]) -> None:
    numbers = NUMBERS.take(len(texts))
    batch = [load.BatchFile(source(n, str(n), text.content)) for n, text in zip(numbers, texts, strict=True)]
    load.insert(con, load.read_batch(batch))
    assert all(isinstance(file.outcome, LoadResult) for file in batch), [file.outcome for file in batch]
    expected = {number: text.transactions for number, text in zip(numbers, texts, strict=True)}
    assert _back(con, numbers[0], numbers[-1]) == expected


@settings(BOUNDED, max_examples=4)
@given(text=files(), size=st.integers(1, 6_000))
def test_chunks_of_any_size_give_the_same_rows(con: duckdb.DuckDBPyConnection, text: Text, size: int) -> None:
    whole, cut = NUMBERS.take(2)
    load.insert(con, load.read_batch([load.BatchFile(source(whole, "a", text.content))]))
    default = stream.chunks.__defaults__
    try:
        stream.chunks.__defaults__ = (size,)
        load.load(con, source(cut, "a", text.content))
    finally:
        stream.chunks.__defaults__ = default
    assert _back(con, cut, cut) == {cut: text.transactions}
    for table in ("cas", "nm1", "ref", "unmapped_segments", "transactions"):
        rows = f"SELECT * EXCLUDE (file_number) FROM raw.x12_{table} WHERE file_number ="
        assert con.execute(f"({rows} {whole}) EXCEPT ALL ({rows} {cut})").fetchall() == [], table
        assert con.execute(f"({rows} {cut}) EXCEPT ALL ({rows} {whole})").fetchall() == [], table


@settings(BOUNDED, max_examples=8)
@given(text=files())
def test_adjustments_belong_to_the_claim_and_line_before_them(con: duckdb.DuckDBPyConnection, text: Text) -> None:
    (number,) = NUMBERS.take(1)
    load.insert(con, load.read_batch([load.BatchFile(source(number, "a", text.content))]))
    # Told apart from the reader: walk the segments, each claim or line holding until the next thing that ends it.
    expected = []
    for transaction, segments in enumerate(text.transactions, start=1):
        claim = line = 0
        remits = segments[0][3:6] == "835"
        for place, segment in enumerate(segments):
            name = re.split(r"[^A-Z0-9a-z]|[jJ]", segment)[0].upper()
            if name in ("CLP", "CLM"):
                claim, line = place, 0
            elif name in (("LX", "PLB", "SE") if remits else ("HL", "SE")):
                claim = line = 0
            elif claim and name == ("SVC" if remits else "LX"):
                line = place
            elif name == "CAS":
                expected.append((transaction, place, claim, line))
    found = con.execute(
        "SELECT cas.transaction_number, cas.segment_number - st.segment_number, "
        "coalesce(claim_number - st.segment_number, 0), coalesce(line_number - st.segment_number, 0) "
        "FROM raw.x12_cas AS cas INNER JOIN raw.x12_st AS st USING (file_number, transaction_number) "
        "WHERE file_number = ? ORDER BY cas.segment_number",
        [number],
    ).fetchall()
    assert found == expected


DELIMITERS = Delimiters(element=b"*", component=b":", terminator=b"~")
NUMBER_TEXT = st.one_of(
    st.from_regex(r"[+-]?[0-9]{0,13}\.?[0-9]{0,7}([eE][+-]?[0-9]{1,2})?", fullmatch=True),
    st.text("0123456789.-+eE ", max_size=20),
    st.text("é漢١²x:", max_size=5),
)


@settings(BOUNDED, max_examples=60)
@given(texts=st.lists(NUMBER_TEXT, min_size=1, max_size=40), scale=st.sampled_from([2, 6]))
def test_numbers_are_those_that_were_written(texts: list[str], scale: int) -> None:
    segments = split("".join(f"AMT*{text}~" for text in texts).encode(), DELIMITERS)
    found = decimals(segments, segments.stretches(np.arange(len(texts)), 1), scale)
    for place, text in enumerate(texts):
        expected = None
        if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", text.strip()):
            exact = Decimal(text.strip())
            if abs(exact) < 10**12:
                expected = exact.quantize(Decimal(10) ** -scale, rounding=ROUND_HALF_UP)
        value = Decimal(int(found.values[place])).scaleb(-scale) if found.is_valid[place] else None
        assert value == expected, text
        assert (place in found.unread) == (expected is None and text != ""), text
        # What is called plain or fixed is written again from the value alone.
        if found.is_plain[place] and text:
            assert text == (f"{expected:.{scale}f}".rstrip("0").rstrip(".") if "." in f"{expected:.{scale}f}" else text)
        if found.is_fixed[place] and text:
            assert text == f"{expected:.{scale}f}" or scale != 2


@settings(BOUNDED, max_examples=60)
@given(
    texts=st.lists(
        st.from_regex(r"[0-9]{8}", fullmatch=True)
        | st.dates().map(lambda d: d.strftime("%Y%m%d"))
        | st.text("0123456789- x", max_size=9),
        min_size=1,
        max_size=40,
    )
)
def test_dates_are_the_days_of_the_calendar(texts: list[str]) -> None:
    segments = split("".join(f"DTM*{text}~" for text in texts).encode(), DELIMITERS)
    found = dates(segments, segments.stretches(np.arange(len(texts)), 1))
    for place, text in enumerate(texts):
        try:
            expected = date(int(text[:4]), int(text[4:6]), int(text[6:])) if re.fullmatch("[0-9]{8}", text) else None
        except ValueError:
            expected = None
        value = (
            date.fromordinal(date(1970, 1, 1).toordinal() + int(found.values[place])) if found.is_valid[place] else None
        )
        assert value == expected, text


@settings(BOUNDED, max_examples=30)
@given(text=files(), size=st.integers(1, 3_000))
def test_chunks_are_the_file_cut_between_segments(text: Text, size: int) -> None:
    pieces = list(stream.chunks(io.BytesIO(text.content), size))
    assert [piece.offset for piece in pieces] == sorted(piece.offset for piece in pieces)
    for piece in pieces:
        assert piece.tail == b""
        assert text.content[piece.offset :].startswith(piece.data)
