"""CMS's header cells, and where a file has each: item columns, codes, and one block of columns a payer's plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from loaders.rates.price_transparency.text import KIND
from loaders.source import Refusal

# Our column: CMS's header, spaces and case aside.
ITEM_COLUMNS = {
    "description": "description",
    "setting": "setting",
    "billing_class": "billing_class",
    "modifiers": "modifiers",
    "drug_unit": "drug_unit_of_measurement",
    "drug_unit_type": "drug_type_of_measurement",
    "gross_charge_amount": "standard_charge|gross",
    "discounted_cash_amount": "standard_charge|discounted_cash",
    "minimum_amount": "standard_charge|min",
    "maximum_amount": "standard_charge|max",
    "generic_notes": "additional_generic_notes",
}
# Our column: CMS's name of the figure, which stands alone in a tall file and around payer and plan in a wide one.
PAYER_COLUMNS = {
    "negotiated_amount": "negotiated_dollar",
    "negotiated_percent": "negotiated_percentage",
    "negotiated_algorithm": "negotiated_algorithm",
    "methodology": "methodology",
    "estimated_amount": "estimated_amount",
    "median_amount": "median_amount",
    "percentile_10_amount": "10th_percentile",
    "percentile_90_amount": "90th_percentile",
    "remittance_count": "count",
    "payer_notes": "additional_payer_notes",
}
TEXT_COLUMNS = (*ITEM_COLUMNS, "payer_name", "plan_name", *PAYER_COLUMNS)
_IN_STANDARD_CHARGE = frozenset({"negotiated_dollar", "negotiated_percentage", "negotiated_algorithm", "methodology"})
_FIGURE_OF = {header: column for column, header in PAYER_COLUMNS.items()}
_ITEM_OF = {header: column for column, header in ITEM_COLUMNS.items()} | {"modifier": "modifiers"}
_CODE = re.compile(r"code\|\[?(\d+|i)\]?(\|type)?")

Places = tuple[int, ...]


@dataclass
class PayerBlock:
    """One plan's columns in a wide file; in a tall one `payer_name` and `plan_name` are columns themselves."""

    payer_name: str | None
    plan_name: str | None
    columns: dict[str, Places] = field(default_factory=dict)


@dataclass
class Layout:
    """Places of each column; several where a header is repeated: the first that is not blank counts."""

    width: int
    item: dict[str, Places] = field(default_factory=dict)
    codes: list[tuple[int, Places, Places]] = field(default_factory=list)
    blocks: list[PayerBlock] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    is_tall: bool = False


def header_names(cells: Sequence[str]) -> list[str]:
    """Header cells in CMS's spelling: lower case, underscores, no blanks around the bars."""
    return ["|".join(_word(part) for part in cell.split("|")) for cell in cells]


def _word(text: str) -> str:
    return re.sub(r"[\s_]+", "_", text.strip().strip("﻿")).strip("_").lower()


def is_item_header(cells: Sequence[str]) -> bool:
    """The row that names the columns of the charges (row 3 in a clean file)."""
    names = set(header_names(cells))
    has_code = any(_CODE.fullmatch(name) for name in names)
    return "description" in names and (has_code or any(name.startswith("standard_charge|") for name in names))


def read_layout(cells: Sequence[str], line_number: int) -> Layout:
    """Places of all columns. Raises `Refusal` when a file has no charge at all or mixes tall and wide."""
    layout = Layout(width=len(cells))
    codes: dict[str, list[list[int]]] = {}
    blocks: dict[tuple[str, str], PayerBlock] = {}
    tall = PayerBlock(None, None)
    for place, (cell, name) in enumerate(zip(cells, header_names(cells), strict=True)):
        if not name:
            continue
        if found := _CODE.fullmatch(name):
            codes.setdefault(found[1], [[], []])[bool(found[2])].append(place)
        elif name in _ITEM_OF:
            _put(layout, layout.item, _ITEM_OF[name], place, cell)
        elif name in ("payer_name", "plan_name"):
            _put(layout, tall.columns, name, place, cell)
        elif (figure := _FIGURE_OF.get(name.removeprefix("standard_charge|"))) is not None:
            _put(layout, tall.columns, figure, place, cell)
        elif (wide := _wide_figure(cell)) is not None:
            payer, plan, figure = wide
            block = blocks.setdefault((_word(payer), _word(plan)), PayerBlock(payer, plan))
            _put(layout, block.columns, figure, place, cell)
        else:
            layout.unknown.append(cell.strip())
    layout.codes = [
        (int(number) if number.isdigit() else 1, tuple(at), tuple(types)) for number, (at, types) in codes.items() if at
    ]
    layout.is_tall = "payer_name" in tall.columns
    if layout.is_tall and blocks:
        raise Refusal(
            "mrf_layout_mixed",
            f"Line {line_number}: the header has `payer_name` (tall) and columns of payers (wide). Keep one layout.",
            kind=KIND,
            position=line_number,
        )
    layout.blocks = [tall] if layout.is_tall else list(blocks.values())
    return layout


def _put(layout: Layout, columns: dict[str, Places], column: str, place: int, cell: str) -> None:
    if column in columns:
        layout.repeated.append(cell.strip())
    columns[column] = (*columns.get(column, ()), place)


def _wide_figure(cell: str) -> tuple[str, str, str] | None:
    """Payer, plan and figure of a wide file's column; a plan may be left out."""
    parts = [part.strip() for part in cell.split("|")]
    if not 2 <= len(parts) <= 4:
        return None
    if _word(parts[0]) == "standard_charge" and _word(parts[-1]) in _IN_STANDARD_CHARGE:
        figure, names = _word(parts[-1]), parts[1:-1]
    else:
        figure, names = _word(parts[0]), parts[1:]
    if figure not in _FIGURE_OF or not 1 <= len(names) <= 2 or not names[0]:
        return None
    return names[0], names[1] if len(names) == 2 else "", _FIGURE_OF[figure]
