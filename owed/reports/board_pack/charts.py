"""The pack's charts as SVG, drawn in process by Vega-Lite."""

from __future__ import annotations

from typing import Any

import altair as alt
import vl_convert

UNDERPAID, OVERPAID, INK, QUIET = "#a63d1f", "#3d5a98", "#1b2733", "#5b6670"
BUCKETS = ["0-30", "31-60", "61-90", "91-120", "121-180", "181+"]
SHADES = ["#cfe0e0", "#9fc2c3", "#6ba3a5", "#cfa565", "#b97745", "#a63d1f"]
RESPONSIBILITIES = {
    "primary_payer": "Primary payer",
    "secondary_payer": "Secondary payer",
    "patient": "Patient",
}


def draw(data: dict[str, Any]) -> dict[str, bytes]:
    """`underpaid.svg`, `overpaid.svg` and `aging.svg`."""
    return {
        "underpaid.svg": _svg(_by_month(data, "underpayment_amount", UNDERPAID)),
        "overpaid.svg": _svg(_by_month(data, "overpayment_amount", OVERPAID)),
        "aging.svg": _svg(_aging(data)),
    }


def _svg(chart: Any) -> bytes:
    themed = chart.configure_view(stroke=None).configure_axis(
        labelColor=QUIET, domainColor="#d9d9d4", tickColor="#d9d9d4", gridColor="#ecebe6", labelFontSize=10, title=None
    )
    return vl_convert.vegalite_to_svg(themed.to_json()).encode()


def _by_month(data: dict[str, Any], kpi_id: str, colour: str) -> Any:
    rows = [
        {"month": str(row["period_month"])[:7], "amount": float(row["value"] or 0)}
        for row in data["trend"]
        if row["kpi_id"] == kpi_id
    ]
    return (
        alt.Chart({"values": rows}, width=230, height=110)
        .mark_bar(color=colour, size=10, cornerRadiusEnd=1)
        .encode(
            x=alt.X("month:O", axis=alt.Axis(labelAngle=-45)),
            y=alt.Y("amount:Q", axis=alt.Axis(format="$~s", tickCount=4)),
        )
    )


def _aging(data: dict[str, Any]) -> Any:
    rows = [
        {
            "who": RESPONSIBILITIES.get(row["responsibility"], row["responsibility"]),
            "bucket": row["aging_bucket"],
            "order": BUCKETS.index(row["aging_bucket"]),
            "amount": float(row["amount"]),
        }
        for row in data["aging"]
    ]
    return (
        alt.Chart({"values": rows}, width=430, height=90)
        .mark_bar()
        .encode(
            y=alt.Y("who:N", sort=list(RESPONSIBILITIES.values())),
            x=alt.X("sum(amount):Q", axis=alt.Axis(format="$~s", tickCount=6)),
            order=alt.Order("order:Q"),
            color=alt.Color(
                "bucket:N",
                scale=alt.Scale(domain=BUCKETS, range=SHADES),
                legend=alt.Legend(title="Age in days", orient="top", symbolType="square"),
            ),
        )
    )
