"""One file, whatever its layout: its head, and its charges and codes in typed batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from loaders.rates.price_transparency.csv_file import CsvFile
from loaders.rates.price_transparency.figures import typed_charges, typed_codes
from loaders.rates.price_transparency.findings import FindingLog
from loaders.rates.price_transparency.head import FileHead
from loaders.rates.price_transparency.json_file import JsonFile
from loaders.rates.price_transparency.text import KIND, RecordReader, text_blocks, text_lines
from loaders.source import Refusal


@dataclass(frozen=True)
class Batch:
    """Rows of `raw.price_transparency_charges` and `…_codes`, without `file_number`."""

    charges: pl.DataFrame
    codes: pl.DataFrame


class PriceFile:
    """Reads an open file once, in bounded memory. `head`, counts and findings are whole after the last batch."""

    def __init__(self, stream: BinaryIO) -> None:
        self.log = FindingLog()
        self.item_count = 0
        self.charge_count = 0
        blocks = text_blocks(stream)
        first = next(blocks, "")
        self._file: CsvFile | JsonFile
        if first.lstrip().startswith("{"):
            self._file = JsonFile(_again(first, blocks), self.log)
        else:
            self._file = CsvFile(RecordReader(text_lines(_again(first, blocks))), self.log)

    @property
    def head(self) -> FileHead:
        return self._file.head

    @property
    def layout(self) -> str:
        """`tall`, `wide` or `json`."""
        return self._file.layout_name

    def batches(self) -> Iterator[Batch]:
        """Raises `Refusal` for a file without a charge that can be used."""
        for text in self._file.batches():
            batch = Batch(typed_charges(text.charges, self.log), typed_codes(text.codes, self.log))
            self.item_count += text.item_count
            self.charge_count += batch.charges.height
            yield batch
        if not self.item_count:
            raise Refusal(
                "mrf_no_charges",
                "The file has the headers of CMS's layout and no charges below: a template that was not filled in.",
                kind=KIND,
                position=1,
            )
        if not self.charge_count:
            first = self.log.first_failure
            raise Refusal(
                "mrf_nothing_usable",
                "No charge can be used." + (f" The first one: {first}" if first else ""),
                kind=KIND,
                position=1,
            )


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
