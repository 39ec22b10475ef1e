"""Whatever the bytes: a file is loaded, its bad rows are named, or it is refused. Nothing else comes out."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders import reference, typed_columns
from loaders.contracts.load import read_contract
from loaders.csv_table import Layout, read_table
from loaders.source import LoadResult, Refusal, SourceFile

LAYOUT = Layout("test", frozenset({"a"}), ("a", "b", "c"))
TRANSACTION_HEADER = "transaction_id,claim_id,posted_date,transaction_type,amount,payer_id,note"
CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('",\n '), max_size=8)
YAML_LINE = st.sampled_from(
    [
        "contract: a",
        "payer: B",
        "claim_types: [dental]",
        "effective: {from: 2025-01-01}",
        "default: {method: not_payable}",
        "terms:",
        "  - id: x",
        "    method: case_rate",
        "    amount: 0x10",
        "    match: {drg: [0470, ~, yes]}",
        "examples: [[[]]]",
        "modifiers: {50: .inf}",
        "products: {a: b}",
        "<<: {payer: C}",
        "lines: &a [*a]",
        "? !x",
        "\t",
        "}",
    ]
) | st.text(max_size=12)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_what_a_csv_writer_writes_is_read_back(rows: list[tuple[str, str, str]], ending: str, has_mark: bool) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator=ending).writerows([("a", "b", "c"), *rows])
    data = written.getvalue().encode("utf-8-sig" if has_mark else "utf-8")
    table = read_table(data, LAYOUT)
    blank = [row for row in rows if not any(cell.strip() for cell in row)]
    expected = [tuple(cell.strip() for cell in row) for row in rows if row not in blank]
    assert table.findings == []
    assert table.frame.select("a", "b", "c").rows() == expected


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_every_amount_to_the_cent_is_read_exactly(amount: Decimal) -> None:
    frame = pl.DataFrame({"line_number": [1], "raw_text": [""], "amount": [f"{amount:f}"]})
    typed, findings = typed_columns.type_rows(frame, [typed_columns.decimal("amount", 2)])
    assert (typed.get_column("amount").to_list(), findings) == ([amount], [])


@given(
    st.binary(max_size=300), st.sampled_from([b"", TRANSACTION_HEADER.encode() + b"\n", b"\xff\xfe", b"\xef\xbb\xbf"])
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_load_or_are_refused(body: bytes, head: bytes) -> None:
    data = head + body
    with duckdb.connect() as con:
        reference.create_tables(con)
        con.execute("create table raw.files (file_number integer, file_name varchar)")
        con.execute("create view raw.files_in_force as select file_number from raw.files")
        for recognise, load in reference.LOADERS:
            if recognise(data) is None:
                continue
            source = SourceFile(1, "id", "file", len(data), lambda: io.BytesIO(data))
            try:
                result = load(con, source)
            except Refusal as refusal:
                assert refusal.reason
            else:
                assert isinstance(result, LoadResult)


@given(st.lists(YAML_LINE, max_size=12).map("\n".join))
@settings(max_examples=300, deadline=None)
def test_any_yaml_is_a_contract_or_refused_with_a_reason(text: str) -> None:
    try:
        contract, _ = read_contract(text.encode("utf-8", "surrogatepass"), "a.contract.yaml")
    except Refusal as refusal:
        assert refusal.kind == "contract"
        assert refusal.reason
    else:
        assert contract.contract
        assert contract.claim_types
