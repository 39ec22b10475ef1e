"""A tolerant reader of the inbox's own CSV files: text in, one all-text frame out, with lines for the messages.

Tolerated: a byte order mark, any line ending, quoted fields (line breaks inside them too), blank lines, any order and
case of columns, columns nobody asked for. Not tolerated, because they make a value ambiguous: a column named twice and
a row with more or fewer values than the header names.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from loaders.source import Finding, Refusal

# A quoted field may hold line breaks; one that is still open after this many lines was never meant to be.
LONGEST_FIELD_LINES = 50


@dataclass(frozen=True)
class Layout:
    """What a kind's header must and may name. `signature` columns alone say that a file is of this kind."""

    kind: str
    signature: frozenset[str]
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True)
class CsvTable:
    """`frame`: `line_number` (int, from 1), `raw_text`, then the layout's columns as trimmed text, blank as ''."""

    frame: pl.DataFrame
    findings: list[Finding]


def decode(data: bytes) -> str:
    """Text of a file: UTF-16 by its mark, else UTF-8, else the Windows code page spreadsheets and CMS write."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def split_lines(text: str) -> list[str]:
    """Physical lines, whatever ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def header_names(head: bytes) -> tuple[str, ...]:
    """Column names of the first line that is not blank: trimmed, lower case; empty when there is none.

    The head may end inside a character, so what cannot be decoded is left out: the names asked for are ASCII.
    """
    is_utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = head.decode("utf-16" if is_utf16 else "utf-8-sig", errors="ignore")
    for line in split_lines(text):
        if line.strip(" ,"):
            return _names(_fields(line) or [])
    return ()


def matches(layout: Layout, head: bytes) -> bool:
    return layout.signature <= set(header_names(head))


def read_table(data: bytes, layout: Layout) -> CsvTable:
    """Reads a whole file against its layout.

    Raises `Refusal` when the header names a column twice or lacks a required one. A row with another number of values
    or an unclosed quotation mark becomes a `fail` finding; the rest goes on.
    """
    lines = split_lines(decode(data))
    header_at = next((at for at, line in enumerate(lines) if line.strip(" ,")), None)
    if header_at is None:
        raise Refusal("csv_empty", "The file has no header and no rows.", kind=layout.kind)
    names = _names(_fields(lines[header_at]) or [])
    findings = _check_header(names, layout, header_at + 1)
    records, bad = _records(lines, header_at + 1, len(names))
    findings += bad
    position = {name: at for at, name in enumerate(names)}
    blank = pl.lit("")
    frame = records.select(
        "line_number",
        "raw_text",
        *(
            (pl.col("fields").list.get(position[name]).str.strip_chars() if name in position else blank).alias(name)
            for name in layout.columns
        ),
    )
    return CsvTable(frame, findings)


def _names(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(field.strip().lower() for field in fields)


def _fields(line: str) -> list[str] | None:
    """Fields of one line, or None if a quotation mark is still open at its end.

    A mark in the middle of a value (6" tube) is taken as it stands.
    """
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error as error:
        if "unexpected end" in str(error) or "field limit" in str(error):
            return None
        return next(csv.reader([line]), [])


def _check_header(names: tuple[str, ...], layout: Layout, line: int) -> list[Finding]:
    twice = sorted({name for name in names if name in layout.columns and names.count(name) > 1})
    if twice:
        raise Refusal(
            "csv_column_twice",
            f"Line {line}: the header names {_listed(twice)} twice, so it is unclear which one counts. Remove one.",
            kind=layout.kind,
            position=line,
        )
    missing = [name for name in layout.required if name not in names]
    if missing:
        raise Refusal(
            "csv_column_missing",
            f"Line {line}: the header lacks {_listed(missing)}. Needed: {', '.join(layout.required)}.",
            kind=layout.kind,
            position=line,
        )
    extra = [name for name in names if name and name not in layout.columns]
    if not extra:
        return []
    return [Finding("csv_column_unknown", "info", f"Columns that nothing reads: {_listed(extra)}.", position=line)]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _records(lines: list[str], start: int, width: int) -> tuple[pl.DataFrame, list[Finding]]:
    """Records after the header as `line_number, raw_text, fields`; what cannot be one becomes a finding.

    Lines without a quotation mark are split in one go; the few others one by one, since only they can span lines.
    """
    findings: list[Finding] = []
    quoted: list[tuple[int, str, list[str]]] = []
    spanned: set[int] = set()
    for at in range(start, len(lines)):
        if at in spanned or '"' not in lines[at]:
            continue
        record, last = _quoted_record(lines, at, width)
        spanned.update(range(at, last + 1))
        if record is None:
            findings.append(
                Finding(
                    "csv_quote_open",
                    "fail",
                    f"Line {at + 1}: a quotation mark is opened and not closed.",
                    position=at + 1,
                    raw_text=lines[at],
                )
            )
        else:
            quoted.append((at + 1, "\n".join(lines[at : last + 1]), record))
    plain = [at for at in range(start, len(lines)) if at not in spanned]
    records = pl.concat(
        [
            pl.DataFrame(
                {"line_number": [at + 1 for at in plain], "raw_text": [lines[at] for at in plain]},
                schema={"line_number": pl.Int32, "raw_text": pl.String},
            ).with_columns(fields=pl.col("raw_text").str.split(",")),
            pl.DataFrame(
                quoted,
                schema={"line_number": pl.Int32, "raw_text": pl.String, "fields": pl.List(pl.String)},
                orient="row",
            ),
        ]
    ).sort("line_number")
    has_text = pl.element().str.strip_chars() != ""
    records = records.filter(pl.col("fields").list.eval(has_text).list.any())
    is_off = pl.col("fields").list.len() != width
    findings += [
        Finding(
            "csv_value_count",
            "fail",
            f"Line {line}: {count} values, and the header names {width}. Every row has as many, blank ones included; "
            "a comma inside a value needs quotation marks around the value, and an amount takes no comma.",
            position=line,
            raw_text=text,
        )
        for line, text, count in records.filter(is_off)
        .select("line_number", "raw_text", pl.col("fields").list.len())
        .iter_rows()
    ]
    return records.filter(~is_off), findings


def _quoted_record(lines: list[str], at: int, width: int) -> tuple[list[str] | None, int]:
    """The record that starts at a line with a quotation mark, and its last line; None if the mark never closes.

    A record of several lines must fit the header exactly: otherwise a stray mark would swallow the rows up to the
    next one.
    """
    fields = _fields(lines[at])
    if fields is not None:
        return fields, at
    text = lines[at]
    for last in range(at + 1, min(at + LONGEST_FIELD_LINES, len(lines))):
        text += "\n" + lines[last]
        try:
            fields = next(csv.reader([text], strict=True), [])
        except csv.Error as error:
            if "unexpected end" in str(error):
                continue
            return None, at
        return (fields, last) if len(fields) == width else (None, at)
    return None, at
