"""Loads CMS rate files (INTERFACE 2.4): recognised by their own titles, typed exactly, one `raw` table a layout."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date

import duckdb
import polars as pl

from loaders import reference_rows, typed_columns
from loaders.csv_table import decode, split_lines
from loaders.rates.cms_files import ANES, CMS_FILES, KIND, PPRRVU, CmsFile
from loaders.source import LoadResult, Refusal, SourceFile

TITLE_LINES = 10
HEADER_ROWS = 40
RELEASES = {"january": 1, "april": 4, "july": 7, "october": 10}
RELEASE = re.compile(r"(January|April|July|October)\s+Release", re.IGNORECASE)
# A year in a file's or archive's name: PPRRVU2025_Oct.csv, ANES2025.csv, RVU25D.zip/OPPSCAP_Oct.csv.
NAMED_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)|\bRVU(\d\d)[A-D]", re.IGNORECASE)
NATIONAL_FACTOR = re.compile(r"(\d+\.\d+)\s*$")
NO_QPP = re.compile(r"non[-_ ]?qpp", re.IGNORECASE)


def recognise(head: bytes) -> str | None:
    return KIND if _layout(head) else None


def load(con: duckdb.DuckDBPyConnection, source: SourceFile) -> LoadResult:
    """Rows to the layout's table. Raises `Refusal` when its year or one of its columns cannot be found."""
    data = source.read()
    layout = _layout(data[:65536])
    if layout is None:
        raise Refusal("cms_layout_unknown", "The file is none of the CMS files that are read here.", kind=KIND)
    text = decode(data)
    rows = _grid(text)
    header_at, places = _columns(layout, rows)
    frame = _frame(rows[header_at + 1 :], places)
    frame = frame.with_columns(pl.lit("").alias(name) for name in layout.optional - places.keys())
    if layout is ANES:
        national = NATIONAL_FACTOR.search(rows[header_at][1][places["conversion_factor"]])
        frame = frame.with_columns(national_conversion_factor=pl.lit(national[1] if national else ""))
    typed, findings = typed_columns.type_rows(frame, layout.typed)
    reference_rows.require_rows(typed, findings, KIND)
    typed = typed.with_columns(**_release(layout, text, source.name))
    keys = [*layout.keys, *(name for name in ("schedule_id", "effective_from", "rate_year") if name in typed.columns)]
    typed, repeats = reference_rows.drop_repeats(typed, keys, "row")
    repeats += reference_rows.repeats_in_force(con, layout.table, typed, keys, "the row", source)
    reference_rows.insert_rows(con, layout.table, typed, source.file_number)
    return LoadResult(KIND, findings=findings + repeats)


def _layout(head: bytes) -> CmsFile | None:
    text = "\n".join(split_lines(decode(head))[:TITLE_LINES])
    return next((layout for layout in CMS_FILES if layout.title.search(text)), None)


def _grid(text: str) -> list[tuple[int, list[str]]]:
    """Every line that is not blank as its number and cells; tabs separate where the text has more tabs than commas."""
    lines = split_lines(text)
    separator = "\t" if text[:20000].count("\t") > text[:20000].count(",") else ","
    try:
        cells = [next(csv.reader([line], delimiter=separator), []) for line in lines]
    except csv.Error as error:
        raise Refusal("cms_unreadable", f"A line cannot be split into cells: {error}.", kind=KIND) from error
    return [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(cells, 1)
        if any(cell.strip() for cell in row)
    ]


def _columns(layout: CmsFile, rows: Sequence[tuple[int, list[str]]]) -> tuple[int, dict[str, int]]:
    """The header's index among the rows, and each column's place in it."""
    for at, (_, cells) in enumerate(rows[:HEADER_ROWS]):
        if layout.header:
            if [cell.upper() for cell in cells[: len(layout.header)]] == list(layout.header):
                return at, {name: place for name, place in layout.columns.items() if isinstance(place, int)}
            continue
        places = {name: _place(cells, pattern) for name, pattern in layout.columns.items() if isinstance(pattern, str)}
        missing = {name for name, place in places.items() if place is None}
        if missing <= layout.optional:
            return at, {name: place for name, place in places.items() if place is not None}
    wanted = ", ".join(layout.header or layout.columns)
    raise Refusal(
        "cms_columns_moved",
        f"This looks like CMS's {layout.name}, but no header row has its columns in the known places ({wanted}).",
        kind=KIND,
        position=rows[0][0] if rows else None,
    )


def _place(cells: Sequence[str], pattern: str) -> int | None:
    wanted = re.compile(pattern, re.IGNORECASE)
    return next((at for at, cell in enumerate(cells) if wanted.fullmatch(_plain(cell))), None)


def _plain(cell: str) -> str:
    """A header cell without its year and remarks: '2025 PE GPCI', 'PW GPCI (with 1.0 Floor)'.

    A remark that says "without" stays, so that the work index without the floor, which nobody is paid by, is not taken.
    """
    without_year = re.sub(r"^20\d\d\s+", "", cell)
    return re.sub(r"\s*\((?!.*without).*\)$", "", without_year).strip()


def _frame(rows: Sequence[tuple[int, list[str]]], places: dict[str, int]) -> pl.DataFrame:
    """Data rows as text columns. CMS writes amounts as '$1,740.720' and a blank as '.'."""
    key = next(iter(places.values()))
    data = [(number, cells) for number, cells in rows if key < len(cells) and cells[key]]
    frame = pl.DataFrame(
        {
            "line_number": pl.Series([number for number, _ in data], dtype=pl.Int32),
            "raw_text": pl.Series(["\t".join(cells) for _, cells in data], dtype=pl.String),
            **{
                name: pl.Series([cells[place] if place < len(cells) else "" for _, cells in data], dtype=pl.String)
                for name, place in places.items()
            },
        }
    )
    amounts = [name for name in places if name.endswith(("_amount", "_rate", "_weight"))]
    frame = frame.with_columns(pl.col(name).str.replace_all(r"[$,]", "").str.replace(r"^\.$", "") for name in amounts)
    if "carrier" in places:
        frame = frame.with_columns(locality=pl.concat_str("carrier", pl.lit("-"), "locality_number"))
    return frame


def _release(layout: CmsFile, text: str, file_name: str) -> dict[str, pl.Expr]:
    """What holds for the whole file: its year, and for relative values the schedule and the release's first day."""
    year = _year(layout, text[:20000], file_name)
    columns = {"rate_year": pl.lit(year, dtype=pl.Int32)}
    if layout is PPRRVU and year is not None:
        said = RELEASE.search(text[:20000])
        first_day = date(year, RELEASES[said[1].lower()] if said else 1, 1)
        is_qpp = "qpp" in NO_QPP.sub("", file_name.rpartition("/")[2]).lower()
        columns["schedule_id"] = pl.lit(f"mpfs-{year}-qpp" if is_qpp else f"mpfs-{year}")
        columns["effective_from"] = pl.lit(first_day, dtype=pl.Date)
    return columns


def _year(layout: CmsFile, head: str, file_name: str) -> int | None:
    found = layout.year.search(head) if layout.year else None
    if found is None:
        named = list(NAMED_YEAR.finditer(file_name))
        found = named[-1] if named else None
    if found is not None:
        digits = next(group for group in found.groups() if group)
        return int(digits) if len(digits) == 4 else 2000 + int(digits)
    if layout.is_year_required:
        raise Refusal(
            "cms_year_unknown",
            f"This is CMS's {layout.name}, but neither title nor file name says the year. Put the year into the name.",
            kind=KIND,
        )
    return None
