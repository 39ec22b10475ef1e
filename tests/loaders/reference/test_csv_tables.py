"""The four CSV kinds of our own: read exactly, row by row, with nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from loaders.reference import recognise_table
from loaders.source import LoadResult, Refusal

Land = Callable[..., LoadResult]
TRANSACTIONS = "transaction_id,claim_id,posted_date,transaction_type,amount,payer_id,note\n"


def rules(result: LoadResult) -> list[tuple[str, str, int | None]]:
    return [(finding.rule, finding.severity, finding.position) for finding in result.findings]


def rows(con: duckdb.DuckDBPyConnection, columns: str, table: str) -> list[tuple[object, ...]]:
    return con.execute(f"select {columns} from raw.{table} order by all").fetchall()


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("payer_id,payer_name,payer_class,aliases", "payers"),
        ("schedule_id,procedure_code,modifier,setting,effective_from,effective_to,amount", "fee_schedule"),
        ("weight_set,drg,relative_weight,geometric_mean_los,effective_from,effective_to", "weights"),
        ("procedure_code,base_units,effective_from,effective_to", "cms_rates"),
        (TRANSACTIONS, "account_transactions"),
        ('\ufeff"PAYER_CLASS" ,Payer_Name,"payer_id"\r\n', "payers"),
        ("name,city\n1,2", None),
        ("", None),
        ("ISA*00*          *00*", None),
    ],
)
def test_kind_is_recognised_from_the_header(header: str, kind: str | None) -> None:
    assert recognise_table(header.encode()) == kind


def test_utf16_export_of_a_spreadsheet_is_read(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land("payer_id,payer_name,payer_class\nN,Northfield Santé,commercial\n".encode("utf-16"))
    assert rows(con, "payer_id, payer_name", "payers") == [("N", "Northfield Santé")]


def test_transactions_are_typed_exactly(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land(
        "\ufeffNote,AMOUNT,transaction_type,Posted_Date,claim_id,transaction_id,payer_id\r\n"
        "\r\n"
        '"cheque 7, ""paid""",-20.10,Patient_Payment,2025-02-28,C1,T1,\r\n'
        ",0.3,payer_payment,2025-03-01,C2,T2,NORTHFIELD\r\n"
        ",,,,,,\r\n"
        ",,statement_sent,2025-03-02,C1,T3,\r\n"
    )
    assert result.kind == "account_transactions"
    assert result.findings == []
    assert rows(
        con,
        "line_number, transaction_id, claim_id, posted_date, transaction_type, amount, payer_id, note",
        "account_transactions",
    ) == [
        (3, "T1", "C1", date(2025, 2, 28), "patient_payment", Decimal("-20.10"), None, 'cheque 7, "paid"'),
        (4, "T2", "C2", date(2025, 3, 1), "payer_payment", Decimal("0.30"), "NORTHFIELD", None),
        (6, "T3", "C1", date(2025, 3, 2), "statement_sent", Decimal("0.00"), None, None),
    ]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("T2,C1,03/04/2025,bad_debt,1.00,,", "date_unreadable"),
        ("T2,C1,2025-02-30,bad_debt,1.00,,", "date_unreadable"),
        ("T2,C1,2025-02-03,bad_debt,1.005,,", "number_unreadable"),
        ("T2,C1,2025-02-03,bad_debt,$1.00,,", "number_unreadable"),
        ("T2,C1,2025-02-03,bad_debt,1e3,,", "number_unreadable"),
        ("T2,C1,2025-02-03,bad_debt,99999999999999999.00,,", "number_unreadable"),
        ("T2,C1,2025-02-03,bad_debt,,,", "value_missing"),
        ("T2,C1,2025-02-03,gift,1.00,,", "value_not_allowed"),
        ("T2,C1,2025-02-03,,1.00,,", "value_missing"),
        ("T2,C1,2025-02-03,statement_sent,1.00,,", "event_with_amount"),
        (",C1,2025-02-03,bad_debt,1.00,,", "value_missing"),
        ("T2,,2025-02-03,bad_debt,1.00,,", "value_missing"),
        ("T2,C1,2025-02-03,bad_debt,1,200.00,,", "csv_value_count"),
        ("T2,C1,2025-02-03,bad_debt,1,200.00", "csv_value_count"),
        ('T2,C1,2025-02-03,bad_debt,1.00,,"never closed', "csv_quote_open"),
    ],
)
def test_a_bad_row_is_refused_alone(con: duckdb.DuckDBPyConnection, land: Land, row: str, rule: str) -> None:
    result = land(
        TRANSACTIONS + "T1,C1,2025-01-01,charity,5.00,,\n" + row + '\nT9,C1,2025-01-09,charity,9.00,,"kept"\n'
    )
    assert rules(result) == [(rule, "fail", 3)]
    assert result.findings[0].raw_text == row
    assert rows(con, "transaction_id", "account_transactions") == [("T1",), ("T9",)]


def test_a_bad_row_says_what_was_found_and_what_is_allowed(land: Land) -> None:
    result = land(TRANSACTIONS + "T1,C1,2025-01-01,charity,5.00,,\nT2,C1,03/04/2025,gift,1.005,,\n")
    message = result.findings[0].message
    assert message.startswith("Line 3:")
    for part in ("'00/00/0000'", "YYYY-MM-DD", "'aaaa'", "patient_payment, payer_payment", "'0.000'", "2 decimals"):
        assert part in message


def test_a_name_in_the_wrong_column_stands_in_no_message(land: Land) -> None:
    row = "T2,C1,Ashgrove,Ashgrove,ÉLOI Ashgrove-7,,"
    result = land(TRANSACTIONS + "T1,C1,2025-01-01,charity,5.00,,\n" + row + "\n")
    (finding,) = result.findings
    assert "Ashgrove" not in finding.message
    assert "'Aaaaaaaa'" in finding.message
    assert "'AAAA Aaaaaaaa-0'" in finding.message
    assert finding.raw_text == row


def test_a_value_with_a_line_break_keeps_its_line_numbers(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land(TRANSACTIONS + 'T1,C1,2025-01-01,charity,5.00,,"two\nlines"\nT2,C1,2025-01-01,charity,x,,\n')
    assert rules(result) == [("number_unreadable", "fail", 4)]
    assert rows(con, "line_number, note", "account_transactions") == [(2, "two\nlines")]


def test_a_stray_quotation_mark_takes_no_other_row_with_it(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land(
        TRANSACTIONS + 'T1,C1,2025-01-01,charity,5.00,,"oops\nT2,C1,2025-01-01,charity,5.00,,\n'
        'T3,C1,2025-01-01,charity,5.00,,"fine"\nT4,C1,2025-01-01,charity,5.00,,6" tube\n'
    )
    assert rules(result) == [("csv_quote_open", "fail", 2)]
    assert rows(con, "transaction_id, note", "account_transactions") == [
        ("T2", None),
        ("T3", "fine"),
        ("T4", '6" tube'),
    ]


def test_header_faults_refuse_the_file(land: Land) -> None:
    with pytest.raises(Refusal, match=r"csv_column_missing.*`amount`"):
        land("transaction_id,claim_id,posted_date,transaction_type\nT1,C1,2025-01-01,charity\n")
    with pytest.raises(Refusal, match=r"csv_column_twice.*`amount`"):
        land("transaction_id,claim_id,posted_date,transaction_type,amount,Amount\nT1,C1,2025-01-01,charity,1,2\n")
    with pytest.raises(Refusal, match=r"csv_header_ambiguous.*payers, account_transactions"):
        land(TRANSACTIONS.strip() + ",payer_name,payer_class\n")


def test_columns_that_nothing_reads_are_named(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land("payer_id,colour,payer_name,payer_class\nN,red,Northfield,commercial\n")
    assert rules(result) == [("csv_column_unknown", "info", 1)]
    assert "`colour`" in result.findings[0].message
    assert rows(con, "payer_id, payer_name, payer_class", "payers") == [("N", "Northfield", "commercial")]


def test_a_file_without_a_usable_row_is_refused_but_a_quiet_day_is_not(
    con: duckdb.DuckDBPyConnection, land: Land
) -> None:
    with pytest.raises(Refusal, match=r"csv_nothing_usable: .*Line 2: .*'aaaa'"):
        land(TRANSACTIONS + "T1,C1,soon,charity,5.00,,\n")
    with pytest.raises(Refusal, match="header only"):
        land("payer_id,payer_name,payer_class\n")
    assert land(TRANSACTIONS).findings == []
    assert rows(con, "transaction_id", "account_transactions") == []


def test_a_transaction_said_twice_counts_once(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land(
        TRANSACTIONS + "T1,C1,2025-01-01,charity,5.00,,\n"
        "T1,C1,2025-01-01,charity,5.0,,\n"
        "T1,C1,2025-01-01,charity,6.00,,\n"
        "T2,C1,2025-01-01,charity,0.00,,\n"
    )
    assert sorted(rules(result)) == [
        ("amount_zero", "warn", 5),
        ("record_contradicts", "fail", 4),
        ("record_repeated", "info", 3),
    ]
    assert rows(con, "transaction_id, amount", "account_transactions") == [
        ("T1", Decimal("5.00")),
        ("T2", Decimal("0.00")),
    ]


def test_a_transaction_said_by_two_files(land: Land) -> None:
    land(TRANSACTIONS + "T1,C1,2025-01-01,charity,5.00,,\nT2,C1,2025-01-01,charity,5.00,,\n", "january.csv")
    result = land(TRANSACTIONS + "T1,C1,2025-01-01,charity,5.00,,\nT2,C1,2025-01-01,charity,7.00,,\n", "february.csv")
    assert sorted(rules(result)) == [("record_contradicts", "fail", 3), ("record_repeated", "info", 2)]
    assert all("january.csv" in finding.message for finding in result.findings)


def test_newer_content_of_a_file_contradicts_nothing(land: Land) -> None:
    land(TRANSACTIONS + "T1,C1,2025-01-01,charity,5.00,,\n", "january.csv")
    assert land(TRANSACTIONS + "T1,C1,2025-01-01,charity,6.00,,\n", "january.csv").findings == []


def test_payer_aliases_are_ids_names_and_aliases_as_matched(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land('payer_id,payer_name,payer_class,aliases\nNorthfield,Northfield Health,Commercial,"60054 | nfh, inc.||NFH "\n')
    assert rows(con, "payer_id, payer_class", "payers") == [("Northfield", "commercial")]
    assert rows(con, "alias", "payer_aliases") == [
        ("60054",),
        ("NFH",),
        ("NFH, INC.",),
        ("NORTHFIELD",),
        ("NORTHFIELD HEALTH",),
    ]


def test_an_alias_of_two_payers_stays_with_the_first(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land(
        "payer_id,payer_name,payer_class,aliases\nA,Alder,commercial,X1\nB,Birch,medicaid,x1|B1\nC,Cedar,odd,\n"
    )
    assert sorted(rules(result)) == [("alias_claimed_twice", "warn", 3), ("value_not_allowed", "fail", 4)]
    assert rows(con, "alias, payer_id", "payer_aliases") == [
        ("A", "A"),
        ("ALDER", "A"),
        ("B", "B"),
        ("B1", "B"),
        ("BIRCH", "B"),
        ("X1", "A"),
    ]


def test_fee_schedule_rates(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    result = land(
        "schedule_id,procedure_code,modifier,setting,effective_from,effective_to,amount\n"
        "n-2025,99213,,Facility,2025-01-01,2025-12-31,63.72\n"
        "n-2025,j1100,,,2025-01-01,,0.123456\n"
        "n-2025,70551,tc,non_facility,,,126.15\n"
        "n-2025,70552,,office,2025-01-01,,1\n"
        "n-2025,70553,,,2025-12-31,2025-01-01,1\n"
        "n-2025,70554,,,2025-01-01,,-1\n"
        "n-2025,70555,,,2025-01-01,,1.1234567\n"
        "n-2025,99213,,facility,2025-01-01,2025-12-31,64.00\n"
    )
    assert sorted(rules(result)) == [
        ("amount_negative", "fail", 7),
        ("number_unreadable", "fail", 8),
        ("period_reversed", "fail", 6),
        ("record_contradicts", "fail", 9),
        ("value_not_allowed", "fail", 5),
    ]
    columns = "procedure_code, modifier, setting, effective_from, effective_to, amount"
    assert rows(con, columns, "fee_schedule_rates") == [
        ("70551", "TC", "non_facility", None, None, Decimal("126.15")),
        ("99213", "", "facility", date(2025, 1, 1), date(2025, 12, 31), Decimal("63.72")),
        ("J1100", "", "", date(2025, 1, 1), None, Decimal("0.123456")),
    ]


def test_weights(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    land(
        "weight_set,drg,relative_weight,geometric_mean_los,effective_from,effective_to\n"
        "ms-drg-2025,1,28.1234,30.5,2024-10-01,2025-09-30\nms-drg-2025,470,1.9,,2024-10-01,\n"
    )
    assert rows(con, "drg, relative_weight, geometric_mean_los", "drg_weights") == [
        ("001", Decimal("28.1234"), Decimal("30.5")),
        ("470", Decimal("1.9"), None),
    ]


def test_anesthesia_base_units(con: duckdb.DuckDBPyConnection, land: Land) -> None:
    """A spreadsheet made 142 of 00142; a row that cannot be is left out alone."""
    result = land("procedure_code,base_units\n142,4\n01967,-5\n00840,6\n142,4\n")
    assert rows(con, "procedure_code, base_units", "anesthesia_base_units") == [
        ("00142", Decimal(4)),
        ("00840", Decimal(6)),
    ]
    assert "base_units_negative" in {finding.rule for finding in result.findings}
