"""CSV files, tall and wide, to batches of text: one row a charge and plan, one a code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from loaders.rates.price_transparency.findings import FindingLog
from loaders.rates.price_transparency.head import FileHead, head_of_rows
from loaders.rates.price_transparency.layout import (
    TEXT_COLUMNS,
    Layout,
    PayerBlock,
    Places,
    is_item_header,
    read_layout,
)
from loaders.rates.price_transparency.text import KIND, Record, RecordReader
from loaders.source import Refusal

BATCH_CELLS = 1_000_000
HEADER_RECORDS = 50
TEXT_SCHEMA = {"line_number": pl.Int64, "charge_number": pl.Int32} | dict.fromkeys(TEXT_COLUMNS, pl.String)
CODE_SCHEMA = {"line_number": pl.Int64, "code_number": pl.Int32, "code_type": pl.String, "code": pl.String}


@dataclass(frozen=True)
class TextBatch:
    """`charges` as `TEXT_SCHEMA` and `codes` as `CODE_SCHEMA`; blank text is ''."""

    charges: pl.DataFrame
    codes: pl.DataFrame
    item_count: int


class CsvFile:
    """Reads the head at once and the charges as they are asked for."""

    def __init__(self, records: RecordReader, log: FindingLog) -> None:
        self._records = iter(records)
        self._log = log
        rows, header = self._until_header()
        self.head = _head(rows, log)
        assert header.cells is not None
        while header.cells and not header.cells[-1].strip():
            header.cells.pop()
        self.layout = read_layout(header.cells, header.line_number)
        self.layout_name = "tall" if self.layout.is_tall else "wide"
        records.width = self.layout.width
        self._tell_columns(header.line_number)

    def batches(self) -> Iterator[TextBatch]:
        rows: list[list[str]] = []
        lines: list[int] = []
        size = max(1, BATCH_CELLS // self.layout.width)
        for record in self._records:
            cells = self._fitted(record)
            if cells is None:
                continue
            rows.append(cells)
            lines.append(record.line_number)
            if len(rows) >= size:
                yield _batch(rows, lines, self.layout)
                rows, lines = [], []
        if rows:
            yield _batch(rows, lines, self.layout)

    def _until_header(self) -> tuple[list[Record], Record]:
        before: list[Record] = []
        for record in self._records:
            if record.cells is not None and is_item_header(record.cells):
                return before, record
            before.append(record)
            if len(before) >= HEADER_RECORDS:
                break
        raise Refusal(
            "mrf_header_missing",
            "No row names the columns of the charges: `description`, `code|1`, `code|1|type`, `setting` and so on.",
            kind=KIND,
            position=1,
        )

    def _tell_columns(self, line: int) -> None:
        if self.layout.repeated:
            names = _listed(self.layout.repeated)
            message = f"Line {line}: columns named twice: {names}; of each the first that is not blank counts."
            self._log.add("mrf_column_twice", "warn", message, line)
        if self.layout.unknown:
            message = f"Line {line}: columns that nothing reads: {_listed(self.layout.unknown)}."
            self._log.add("csv_column_unknown", "info", message, line)
        if not self.layout.blocks:
            self._log.add("mrf_no_payers", "warn", f"Line {line}: the header names no payer's charges.", line)

    def _fitted(self, record: Record) -> list[str] | None:
        """The record's cells, as many as the header's; None for a blank line or one that cannot be read."""
        cells, width, line = record.cells, self.layout.width, record.line_number
        if cells is None:
            message = f"Line {line}: a quotation mark is opened and not closed."
            self._log.add("csv_quote_open", "fail", message, line)
            return None
        count = len(cells)
        if count == width:
            return cells if any(map(str.strip, cells)) else None
        if not any(cell.strip() for cell in cells):
            return None
        if count < width:
            message = f"Line {line}: {count} values, and the header names {width}; the last are taken as blank."
            self._log.add("csv_values_few", "warn", message, line)
            return cells + [""] * (width - count)
        if any(cell.strip() for cell in cells[width:]):
            message = (
                f"Line {line}: {count} values, and the header names {width}. "
                "A comma inside a value needs quotation marks around the value, and an amount takes no comma."
            )
            self._log.add("csv_value_count", "fail", message, line)
            return None
        return cells[:width]


def _head(rows: Sequence[Record], log: FindingLog) -> FileHead:
    """From the first row that names the hospital or the version, and the next one that is not blank."""
    filled = [record.cells for record in rows if record.cells and any(cell.strip() for cell in record.cells)]
    for at, cells in enumerate(filled):
        names = {cell.strip().lower().replace(" ", "_") for cell in cells}
        if names & {"hospital_name", "last_updated_on", "version"}:
            return head_of_rows(cells, filled[at + 1] if at + 1 < len(filled) else [], log)
    return head_of_rows([], [], log)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:10])
    return f"{shown} and {len(names) - 10} more" if len(names) > 10 else shown


def _batch(rows: list[list[str]], lines: list[int], layout: Layout) -> TextBatch:
    columns = list(zip(*rows, strict=True))
    wanted = {place for places in _all_places(layout) for place in places}
    cells = pl.DataFrame(
        {"line_number": pl.Series(lines, dtype=pl.Int64)}
        | {_name(place): pl.Series(columns[place], dtype=pl.String).str.strip_chars() for place in sorted(wanted)}
    )
    items = {name: _value(layout.item.get(name, ())) for name in TEXT_COLUMNS if name in layout.item}
    charges = [_block_rows(cells, items, block, number) for number, block in enumerate(layout.blocks, 1)]
    priced = pl.concat(charges) if charges else pl.DataFrame(schema=TEXT_SCHEMA)
    rest = cells.join(priced.select("line_number"), on="line_number", how="anti")
    frame = pl.concat([priced, _frame(rest, items, None, None, {}, 1)])
    codes = pl.concat(
        [
            cells.select(
                "line_number",
                code_number=pl.lit(number, dtype=pl.Int32),
                code_type=_value(types),
                code=_value(places),
            ).filter(pl.col("code") != "")
            for number, places, types in layout.codes
        ]
        or [pl.DataFrame(schema=CODE_SCHEMA)]
    )
    return TextBatch(frame.sort("line_number", "charge_number"), codes.sort("line_number", "code_number"), len(rows))


def _all_places(layout: Layout) -> Iterator[Places]:
    yield from layout.item.values()
    for _, places, types in layout.codes:
        yield from (places, types)
    for block in layout.blocks:
        yield from block.columns.values()


def _name(place: int) -> str:
    return f"cell_{place}"


def _value(places: Places) -> pl.Expr:
    """The first value that is not blank of the columns named alike."""
    if not places:
        return pl.lit("")
    value = pl.col(_name(places[-1]))
    for place in reversed(places[:-1]):
        value = pl.when(pl.col(_name(place)) != "").then(pl.col(_name(place))).otherwise(value)
    return value


def _block_rows(cells: pl.DataFrame, items: dict[str, pl.Expr], block: PayerBlock, number: int) -> pl.DataFrame:
    """The rows in which a plan has anything."""
    figures = {name: _value(places) for name, places in block.columns.items()}
    says = pl.any_horizontal(value != "" for value in figures.values())
    return _frame(cells.filter(says), items, block.payer_name, block.plan_name, figures, number)


def _frame(
    cells: pl.DataFrame,
    items: dict[str, pl.Expr],
    payer_name: str | None,
    plan_name: str | None,
    figures: dict[str, pl.Expr],
    number: int,
) -> pl.DataFrame:
    names = {"payer_name": pl.lit(payer_name or ""), "plan_name": pl.lit(plan_name or "")}
    values = names | items | figures
    return cells.select(
        "line_number",
        pl.lit(number, dtype=pl.Int32).alias("charge_number"),
        *(values.get(name, pl.lit("")).alias(name) for name in TEXT_COLUMNS),
    )
