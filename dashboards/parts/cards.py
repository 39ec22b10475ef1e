"""Cards for indicators: the figure, its goal, how it moved, and one sentence of why."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import streamlit as st
from markupsafe import Markup

from dashboards import formats
from dashboards.filters import add_months
from dashboards.indicators import Reading, difference, trend
from dashboards.parts.context import current
from dashboards.selection import Selection


@dataclass(frozen=True)
class Card:
    """One indicator as shown. `why` is a plain sentence; `definition` appears on hover.

    `better` is +1 where more is better and -1 where less is, so that a movement can be judged without a goal.
    """

    name: str
    month: date
    months: dict[date, Reading]
    why: str
    address: str
    definition: str = ""
    better: int = 0


def show(cards: Sequence[Card]) -> None:
    """Cards side by side, as many in a row as fit."""
    st.html(Markup('<div class="cards">{}</div>').format(Markup("").join(_card(card) for card in cards)))


def _card(card: Card) -> Markup:
    reading = card.months.get(card.month)
    value = reading.value if reading else None
    shown = formats.quantity(value, reading.unit if reading else None)
    return Markup(
        '<a class="card" href="{}" title="{}"><span class="name">{} <span class="month">{}</span></span>'
        '<span class="figure"><span class="value{}">{}</span>{}</span><dl class="against">{}</dl>'
        '<span class="why">{}</span></a>'
    ).format(
        card.address,
        card.definition,
        card.name,
        formats.month(card.month),
        "" if value is not None else " unknown",
        shown,
        sparkline([point for _, point in trend(card.months, card.month)], card.name),
        _against(card, reading),
        card.why,
    )


def _against(card: Card, reading: Reading | None) -> Markup:
    lines = [("Goal", _goal(reading))]
    for name, months_back in (("Prior month", 1), ("Prior year", 12)):
        before = add_months(card.month, -months_back)
        lines.append((name, _movement(card, before)))
    return Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, text) for name, text in lines)


def goal(reading: Reading | None) -> str:
    """A goal in words; empty where there is none."""
    if reading is None:
        return ""
    named = (("at least", reading.target_low), ("at most", reading.target_high))
    return " and ".join(f"{word} {formats.target(limit, reading.unit)}" for word, limit in named if limit is not None)


def _goal(reading: Reading | None) -> Markup | str:
    text = goal(reading)
    if reading is None or reading.is_goal_met is None:
        return text or "none set"
    mark = ("good", "✓ met") if reading.is_goal_met else ("bad", "✕ missed")
    return Markup('{} <span class="{}">{}</span>').format(text, *mark)


def _movement(card: Card, before: date) -> Markup | str:
    moved = difference(card.months, card.month, before)
    if moved is None:
        return "not known"
    reading = card.months[card.month]
    text, better = formats.change(moved, reading.unit), reading.better or card.better
    if not better or text.startswith("±"):
        return text
    return Markup('<span class="{}">{}</span>').format("good" if moved * better > 0 else "bad", text)


def sparkline(values: Sequence[Decimal | None], name: str) -> Markup:
    """Thirteen months as a small line: a mask over the accent colour, so that it follows the theme."""
    known = [float(value) for value in values if value is not None]
    if len(known) < 2:
        return Markup("")
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = 96 / (len(values) - 1)
    points = [
        None if value is None else (4 + step * place, 4 + 28 * (1 - (float(value) - low) / span))
        for place, value in enumerate(values)
    ]
    drawn = " ".join(
        f"{'M' if place == 0 or points[place - 1] is None else 'L'}{point[0]:.1f} {point[1]:.1f}"
        for place, point in enumerate(points)
        if point
    )
    end = next(point for point in reversed(points) if point)
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 104 36"><path d="'
        f'{drawn}" fill="none" stroke="#000" stroke-width="1.75" stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle cx="{end[0]:.1f}" cy="{end[1]:.1f}" r="3"/></svg>'
    )
    source = "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()
    return Markup(
        '<span class="spark" role="img" aria-label="{}" style="-webkit-mask:url({}) center/100% 100% no-repeat;'
        'mask:url({}) center/100% 100% no-repeat"></span>'
    ).format(f"{name}, the last {len(values)} months", source, source)


def linked(name: str, selection: Selection, more: str, colour: str = "") -> tuple[str, Markup, str]:
    """A figure for `figures`: the selection's sum (or its count of rows), linked to its rows."""
    context = current()
    found = context.reader.one(selection.totals())
    amount = found["row_count"] if selection.measure is None else found["total_amount"]
    shown = formats.count(amount) if selection.measure is None else formats.short_dollars(amount)
    value = Markup('<a class="{}" href="{}" data-amount="{}">{}</a>').format(
        colour, context.rows_link(selection), amount, shown
    )
    counted = formats.counted(found["row_count"], "account" if selection.rowset.is_per_account else "row")
    return name, value, f"{counted}, {more}" if more else counted


def figures(items: Sequence[tuple[str, str | Markup, str | Markup]]) -> None:
    """Plain figures side by side: name, value, and what is to be said of it."""
    made = Markup("").join(
        Markup(
            '<div><span class="name">{}</span><span class="value">{}</span><span class="more">{}</span></div>'
        ).format(*item)
        for item in items
    )
    st.html(Markup('<div class="figures">{}</div>').format(made))
