"""Charts that answer one question each: labelled where the eye is, quiet elsewhere, described for those who cannot see.

Figures become floats here and nowhere else: they place marks; every figure that is read comes from a Decimal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import streamlit as st

from dashboards import formats

_LIGHT = {"ink": "#1c2329", "muted": "#59636c", "rule": "#dedad0", "accent": "#0b5a60", "under": "#a8401f",
          "over": "#3f5c9a", "soft": "#b9ced0", "ramp": ["#cfe0e0", "#9fc3c5", "#6aa2a6", "#c9a266", "#b97643",
                                                         "#a8401f"]}  # fmt: skip
_DARK = {"ink": "#e8e4db", "muted": "#a2adb5", "rule": "#323d45", "accent": "#6fc2c0", "under": "#e59070",
         "over": "#93b0ea", "soft": "#3a5355", "ramp": ["#24413f", "#2f6462", "#459592", "#a98a4c", "#c9814f",
                                                        "#e59070"]}  # fmt: skip
Series = Sequence[tuple[date, Decimal | None]]
_FONT = "Inter, system-ui, sans-serif"
_MONEY_AXIS = "replace(replace(format(datum.value, '$.3~s'), 'G', 'B'), 'k', 'K')"
_AXES = {"amount": _MONEY_AXIS, "percent": "datum.label + '%'"}
_MONTH_AXIS = (
    "timeFormat(toDate(datum.value), '%b') + (month(toDate(datum.value)) == 0 || datum.index == 0"
    " ? ' ' + timeFormat(toDate(datum.value), '%Y') : '')"
)


def colours() -> Mapping[str, Any]:
    """The palette of the theme in use."""
    return _DARK if st.context.theme.type == "dark" else _LIGHT


def show(chart: Any, description: str, height: int = 240, right: int = 8) -> None:
    """A chart in the pages' type and colours. `description` says in words what it shows."""
    palette = colours()
    dressed = (
        chart.properties(description=description, width="container", height=height)
        .configure(
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
            background="transparent",
            font=_FONT,
            padding={"left": 0, "right": right, "top": 8, "bottom": 0},
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=palette["muted"], labelFontSize=12, title=None, gridColor=palette["rule"], gridOpacity=0.7,
            domain=False, ticks=False, labelPadding=8,
        )
        .configure_axisX(grid=False, domain=True, domainColor=palette["rule"])
    )  # fmt: skip
    st.altair_chart(dressed, theme=None, width="stretch")


def _frame(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=[{name: _plain(value) for name, value in row.items()} for row in rows])


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return f"{value.isoformat()}T00:00" if isinstance(value, date) else value  # local midnight, not UTC's


def _months(expression: str = _MONTH_AXIS, **more: Any) -> alt.X:
    axis = alt.Axis(labelExpr=expression, labelAngle=0, labelOverlap=True, labelSeparation=6)
    return alt.X("month:O", axis=axis, **more)


def monthly_columns(values: Series, colour: str, description: str, height: int = 150) -> None:
    """Money by month as columns; the newest and the largest carry their figures."""
    _columns(values, colour, description, height, _MONTH_AXIS, formats.month)


def weekly_columns(values: Series, description: str, height: int = 220) -> None:
    """Money by week as columns."""
    _columns(values, "accent", description, height, "timeFormat(toDate(datum.value), '%-d %b')", formats.day)


def _columns(
    values: Series, colour: str, description: str, height: int, axis: str, name: Callable[[date], str]
) -> None:
    palette = colours()
    known = [(day, value) for day, value in values if value is not None]
    if not known:
        return
    named = {max(known, key=lambda item: abs(item[1]))[0], known[-1][0]}
    rows = [
        {
            "month": day,
            "value": value,
            "written": formats.short_dollars(value) if day in named else "",
            "exact": formats.dollars(value),
            "name": name(day),
        }
        for day, value in known
    ]
    ceiling = alt.Scale(domainMax=_headroom(known))
    base = alt.Chart(_frame(rows)).encode(
        x=_months(axis),
        y=alt.Y("value:Q", axis=alt.Axis(labelExpr=_MONEY_AXIS, tickCount=3), scale=ceiling),
        tooltip=[alt.Tooltip("name:N", title="From"), alt.Tooltip("exact:N", title="Amount")],
    )
    columns = base.mark_bar(color=palette[colour], cornerRadiusEnd=2, width={"band": 0.66})
    text = base.mark_text(dy=-9, color=palette["ink"], fontSize=12, fontWeight=600).encode(text="written:N")
    show(columns + text, description, height)


def _headroom(known: Sequence[tuple[date, Decimal]]) -> float:
    """A top for the axis that leaves the tallest column's figure its place."""
    return float(max(value for _, value in known)) * 1.15 or 1.0


def line(
    values: Series,
    unit: str,
    goal: tuple[Decimal | None, Decimal | None],
    description: str,
    height: int = 260,
) -> None:
    """One indicator by month, its newest value written at the line's end and its goal dashed."""
    palette = colours()
    known = [(month, value) for month, value in values if value is not None]
    if not known:
        return
    rows = [{"month": m, "value": v, "written": formats.quantity(v, unit), "name": formats.month(m)} for m, v in known]
    axis = alt.Axis(tickCount=4, labelExpr=_AXES.get(unit, "datum.label"))
    y = alt.Y("value:Q", axis=axis, scale=alt.Scale(zero=unit == "amount", nice=True))
    tips = [alt.Tooltip("name:N", title="Month"), alt.Tooltip("written:N", title="Value")]
    base = alt.Chart(_frame(rows)).encode(x=_months(), y=y, tooltip=tips)
    layers: Any = base.mark_line(color=palette["accent"], strokeWidth=2, point={"size": 28, "color": palette["accent"]})
    last = alt.Chart(_frame(rows[-1:])).encode(x="month:O", y="value:Q", text="written:N")
    layers += last.mark_text(dx=8, align="left", color=palette["ink"], fontSize=13, fontWeight=600)
    for limit in goal:
        if limit is not None:
            marked = alt.Chart(_frame([{"value": limit}])).encode(y="value:Q")
            layers += marked.mark_rule(color=palette["muted"], strokeDash=[4, 4])
    show(layers, description, height, right=64)


def stacked_months(
    rows: Sequence[Mapping[str, Any]], order: Sequence[str], description: str, height: int = 280
) -> None:
    """Money by month in an ordered stack. Rows are `month`, `part` (days of age), `value`.

    The newest column's parts are named.
    """
    palette = colours()
    if not rows:
        return
    newest = max(row["month"] for row in rows)
    total = sum(row["value"] for row in rows if row["month"] == newest)
    made = [
        {**row, "rank": order.index(row["part"]), "exact": formats.dollars(row["value"]),
         "name": formats.month(row["month"]),
         "written": f"{row['part']} days" if row["month"] == newest and row["value"] * 25 > total else ""}
        for row in rows
    ]  # fmt: skip
    base = alt.Chart(_frame(made)).encode(
        x=_months(),
        y=alt.Y("value:Q", stack="zero", axis=alt.Axis(labelExpr=_MONEY_AXIS, tickCount=4)),
        order=alt.Order("rank:Q"),
        tooltip=[alt.Tooltip("name:N", title="Month"), alt.Tooltip("part:N", title="Age, days"),
                 alt.Tooltip("exact:N", title="Amount")],
    )  # fmt: skip
    colour = alt.Color("part:N", scale=alt.Scale(domain=list(order), range=palette["ramp"][-len(order) :]), legend=None)
    columns = base.mark_bar(width={"band": 0.7}).encode(color=colour)
    text = base.mark_text(align="left", dx=2, color=palette["ink"], fontSize=12).encode(
        text="written:N", x=_months(bandPosition=1), y=alt.Y("value:Q", stack="zero", bandPosition=0.5)
    )
    show(columns + text, description, height, right=88)
