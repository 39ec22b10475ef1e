"""Patient balances: what patients owe, how far the reminders are, and what may not go to an agency, and why."""

from __future__ import annotations

from dashboards import formats
from dashboards.balances import BUCKETS
from dashboards.parts import cards, filter_bar, groups, layout, pivot, table, worklist
from dashboards.parts.context import Context, current
from dashboards.parts.table import Column
from dashboards.snapshot import Query

WORKLIST = (
    "priority_rank",
    "claim_id",
    "dunning_stage",
    "recommended_action",
    "plan_status",
    "age_days",
    "last_statement_date",
    "last_payment_date",
    "propensity_band",
    "balance_amount",
)


def show(context: Context) -> None:
    with layout.part("Patient balances"):
        headline(context)
        filter_bar.show(context, ("payer", "payer_class", "facility"))
        standing(context)
    with layout.part("Stages"):
        layout.section(
            "How far are the reminders?",
            "Ages count from the day the patient first owed, not from the service.",
        )
        pivot.show(
            "stages",
            context.select("patients"),
            "dunning_stage",
            "aging_bucket",
            BUCKETS,
            title="By stage and age in days",
        )
    with layout.part("Agency gates"):
        layout.section(
            "What keeps an account from an agency?",
            "No account goes to an agency before all payers have answered, 120 days have passed since the first "
            "statement, a notice went out 30 days before, and no plan, dispute or application for help is open "
            "(26 CFR 1.501(r)-6; a site may change the days).",
        )
        groups.show(
            "gates",
            context.select("patients", is_agency_eligible=False),
            ["agency_block_reason"],
            title="Accounts held back, by the first gate that is shut",
            amount="Balance",
            rows="Accounts",
        )
    with layout.part("Likelihood of payment"):
        layout.section(
            "Who is likely to pay?",
            "From how the patient paid other accounts and from payment plans; nothing about the person is used.",
        )
        groups.show(
            "bands",
            context.select("patients"),
            ["propensity_band"],
            title="By likelihood",
            amount="Balance",
            headed=True,
            rows="Accounts",
        )
        groups.show(
            "plans",
            context.select("patients"),
            ["plan_status"],
            title="By payment plan",
            amount="Balance",
            headed=True,
            rows="Accounts",
        )
    with layout.part("Segments"):
        segments(context)
    with layout.part("The worklist"):
        worklist.show(
            context,
            "rpt_patient_worklist",
            WORKLIST,
            payer_column="payer_id",
            heading="Which account comes next?",
            note="All accounts; the filters above do not apply.",
            empty="No account waits for anyone.",
        )


def headline(context: Context) -> None:
    found = context.reader.one(context.select("patients").totals())
    unbilled = context.reader.one(context.select("patients", dunning_stage="not_billed").totals())
    if not found["row_count"]:
        layout.title("patients", "No patient owes anything.")
        return
    layout.title(
        "patients",
        f"Patients owe {formats.short_dollars(found['total_amount'])} on {formats.count(found['row_count'])} accounts.",
        f"{formats.short_dollars(unbilled['total_amount'])} of it has not been asked for: no statement was sent.",
    )


def standing(context: Context) -> None:
    cards.figures(
        [
            cards.linked("Owed by patients", context.select("patients"), ""),
            cards.linked("No statement yet", context.select("patients", dunning_stage="not_billed"), ""),
            cards.linked("On a plan", context.select("patients", plan_status="active"), ""),
            cards.linked("Plan broken", context.select("patients", plan_status="broken"), ""),
            cards.linked(
                "May go to an agency", context.select("patients", is_agency_eligible=True), "all gates passed"
            ),
        ]
    )


def segments(context: Context) -> None:
    if not context.reader.columns("rpt_patient_segments"):
        return
    layout.section(
        "What should the open balances bring?",
        "By size and coverage, at the share that older balances of the same segment brought. Filters do not apply.",
    )
    columns = [
        Column("coverage", "Coverage", "words"),
        Column("balance_band", "Balance", "text"),
        Column("matured_accounts", "Older accounts", "count"),
        Column("collection_percent", "Of these collected", "percent"),
        Column("open_accounts", "Open accounts", "count", total=True),
        Column("open_amount", "Open", "money", total=True),
        Column("expected_amount", "Expected", "money", total=True, bar=True),
    ]
    query = Query("select * from marts.rpt_patient_segments")
    table.show(
        "segments", query, columns, title="Segments", order="-expected_amount", is_summary=True, row_name="segment"
    )


show(current())
