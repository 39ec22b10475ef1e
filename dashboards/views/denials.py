"""Denials: what is refused and why, what came of it, and which one to work next."""

from __future__ import annotations

from dashboards import formats
from dashboards.parts import cards, charts, filter_bar, groups, layout, steps, worklist
from dashboards.parts.context import Context, current
from dashboards.parts.table import Column

OPEN = ("open", "appealed", "rebilled")
LOST = ("upheld", "written_off", "past_deadline")
WON = ("overturned", "partially_overturned")
TITLES = {"denial_category": "Why?", "payer_id": "By which payer?", "reason_code": "With which reason code?"}
PREVENTABLE = {
    "preventable": (
        "coalesce(sum(denied_amount) filter (is_preventable), 0.00)",
        Column("preventable", "Preventable", "money", total=True),
    ),
    "recovered": ("coalesce(sum(recovered_amount), 0.00)", Column("recovered", "Recovered", "money", total=True)),
}
WORKLIST = (
    "priority_rank",
    "claim_id",
    "line_number",
    "payer_id",
    "denial_category",
    "reason_code",
    "outcome",
    "denied_amount",
    "expected_recovery_amount",
    "days_left",
    "appeal_deadline_date",
)


def show(context: Context) -> None:
    with layout.part("Denials"):
        headline(context)
        filter_bar.show(context, ("period", "payer", "payer_class", "facility"))
        standing(context)
        layout.section(
            "Why are we refused, and what could have been prevented?",
            "By date of the remittance that refused. The reason is the largest denial-class adjustment of the line; "
            "contractual adjustments and patient shares are no denials.",
        )
        steps.show(context.select("denials"), tuple(TITLES), titles=TITLES, amount="Denied", more=PREVENTABLE)
    with layout.part("Denials by month"):
        months(context)
    with layout.part("Outcomes"):
        layout.section("What came of it?")
        groups.show(
            "outcomes",
            context.select("denials"),
            ["outcome"],
            title="By outcome",
            amount="Denied",
            more={"recovered": PREVENTABLE["recovered"]},
        )
    with layout.part("The worklist"):
        worklist.show(
            context,
            "rpt_denial_worklist",
            WORKLIST,
            payer_column="payer_id",
            heading="Which denial should be worked next?",
            note="Undecided denials by what they can be expected to bring and by days left to appeal. All periods.",
            empty="No denial waits for anyone.",
        )


def headline(context: Context) -> None:
    when = formats.spell_period(context.filters.period)
    first = context.reader.one(context.select("denials", is_initial=True).totals())
    claims = context.reader.one(context.select("denials", is_initial=True).claims())["claim_count"]
    waiting = context.select("denials", outcome=OPEN)
    still = context.reader.one(waiting.totals())
    expected = context.reader.one(waiting.summing("expected_recovery_amount").totals())
    if not first["row_count"]:
        layout.title("denials", f"Nothing was refused at first answer {when}.")
        return
    layout.title(
        "denials",
        f"{formats.short_dollars(first['total_amount'])} was refused at first answer {when}, "
        f"on {formats.counted(claims, 'claim')}.",
        f"{formats.short_dollars(still['total_amount'])} of what was refused is undecided; by what these payers gave "
        f"back before, {formats.short_dollars(expected['total_amount'])} can be expected to return.",
    )


def standing(context: Context) -> None:
    first = context.select("denials", is_initial=True)
    cards.figures(
        [
            cards.linked("Refused at first answer", first, "initial denials"),
            cards.linked("Undecided", context.select("denials", outcome=OPEN), "open, appealed or billed again"),
            cards.linked("Won back", context.select("denials", outcome=WON).summing("recovered_amount"), "recovered"),
            cards.linked("Lost for good", context.select("denials", outcome=LOST), "upheld, written off, too late"),
            cards.linked(
                "Billed to patients", context.select("denials", outcome="billed_to_patient"), "shifted, not lost"
            ),
        ]
    )


def months(context: Context) -> None:
    layout.section("Is more refused than before?", "Refused at first answer, by month.")
    first = context.months(context.select("denials", is_initial=True))
    charts.monthly_columns(first, "under", "Amount refused at first answer, by month", 190)


show(current())
