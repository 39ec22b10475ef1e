"""Data quality and runs: whether the figures can be trusted, what was refused, and what the refresh did."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime
from typing import Any

import streamlit as st
from markupsafe import Markup

from dashboards import formats, labels
from dashboards.audit import newest
from dashboards.home import gate_history
from dashboards.parts import cards, filter_bar, groups, layout, plain, table, validations
from dashboards.parts.context import Context, current
from dashboards.parts.table import column
from dashboards.site import PAGES
from dashboards.snapshot import Query

AUDITED = 25
GATES_SHOWN = 25
GATE_HEAD = ("Run ended", "Run", "Outcome", "Check", "Rows")
AUDIT_HEAD = ("When", "Who", "Role", "What", "Page", "Rows", "Chosen by")
CHECKS = ("status", "sentence", "subject", "layer", "severity", "failure_count", "check_name")
RUNS = (
    "finished_at",
    "status",
    "build",
    "as_of_date",
    "files_loaded",
    "files_refused",
    "claims_landed",
    "gates_passed",
    "gates_warned",
    "gates_failed",
    "message",
)
FILES = (
    "file_name",
    "kind",
    "status",
    "refusal_reason",
    "claim_count",
    "charge_amount",
    "paid_amount",
    "finding_count",
    "loaded_at",
)
KINDS = {"status": "words", "layer": "words", "severity": "words", "failure_count": "count"}


def show(context: Context) -> None:
    with layout.part("Data quality"):
        headline(context)
        checks(context)
        validations.show(context)
    with layout.part("Files"):
        files(context)
    with layout.part("Unmatched remittances"):
        unmatched(context)
    with layout.part("Remittances"):
        remittances(context)
    with layout.part("Runs"):
        layout.section("What did the refresh do lately?", "Times are UTC. A run that fails a gate publishes nothing.")
        show_table(context, "runs", "rpt_refresh", RUNS, "Runs", "-finished_at")
        gates(context)
    seen_by(context)


def headline(context: Context) -> None:
    row = context.reader.one(
        Query(
            "select count(*) filter (status = 'fail') as failed, count(*) filter (status = 'warn') as warned,"
            " count(*) filter (status = 'pass') as passed from marts.rpt_data_quality"
        )
    )
    refused = context.reader.one(context.select("files", status="refused").totals())["row_count"]
    checked = f"{formats.counted(row['passed'], 'check')} passed"
    if row["failed"]:
        answer = f"The figures need care: {formats.counted(row['failed'], 'check')} failed."
    elif refused or row["warned"]:
        counts = ((row["warned"], "warning"), (refused, "refused file"))
        told = " and ".join(formats.counted(n, name) for n, name in counts if n)
        answer = f"The figures can be trusted, with {told} to look at."
    elif row["passed"]:
        answer = "The figures can be trusted: every check passed and no file was refused."
    else:
        answer = "Not known whether the figures can be trusted: this snapshot carries no checks."
    layout.title("quality", answer, f"{checked}. What a refused file holds is missing from every figure.")


def checks(context: Context) -> None:
    layout.section("Which checks did not pass?", "Checks of this build, and findings at landing.")
    names = context.reader.pick("rpt_data_quality", CHECKS)
    columns = [column(name, kind=KINDS.get(name, "text")) for name in names]
    ranked = "case status when 'fail' then 0 when 'warn' then 1 when 'skipped' then 2 else 3 end as urgency"
    every = Query(f"select {', '.join(names)}, {ranked} from marts.rpt_data_quality")
    open_ones = Query(f"select * from ({every.sql}) where status is distinct from 'pass'")
    for name, query, title in (("open", open_ones, "Checks that did not pass"), ("checks", every, "All checks")):
        with st.expander("All checks") if query is every else nullcontext():
            table.show(
                name,
                query,
                columns,
                title=title,
                order="urgency",
                size=15,
                row_name="check",
                empty="Every check passed." if query is open_ones else "This snapshot carries no checks.",
                sortable=("urgency",),
            )


def files(context: Context) -> None:
    layout.section("Which files are in, and which are not?")
    groups.show(
        "kinds",
        context.select("files"),
        ["status", "kind"],
        title="Files by outcome and kind",
        amount="",
        headed=True,
        order="status",
        rows="Files",
    )
    names = context.reader.pick("rpt_files", FILES)
    query = context.select("files", status="refused").select(", ".join(names))
    table.show(
        "refused",
        query,
        [column(name) for name in names],
        title="Refused files and why",
        headed=True,
        order="file_name",
        empty="No file was refused.",
        row_name="file",
    )


def unmatched(context: Context) -> None:
    """What came in and belongs to no claim we know."""
    for name, heading, note, nothing in (
        (
            "rpt_unmatched_remittances",
            "Which payments answer a claim we never saw?",
            "They are in variances and denials, not in balances. A missing 837 file is the usual reason.",
            "Every remittance answers a claim we know.",
        ),
        (
            "rpt_unmatched_transactions",
            "Which account transactions belong to no claim?",
            "They are in no balance until the claim they name comes in.",
            "Every account transaction belongs to a claim.",
        ),
    ):
        there = {
            key: kind for key, kind in context.reader.columns(name).items() if not key.endswith(("_key", "file_id"))
        }
        if not there:
            continue
        layout.section(heading, note)
        columns = [column(key, kind=labels.kind(key, data_type)) for key, data_type in there.items()]
        query = Query(f"select {', '.join(there)} from marts.{name}")
        table.show(name, query, columns, title=heading, order=columns[0].name, empty=nothing)


def remittances(context: Context) -> None:
    layout.section(
        "Do payments add up?",
        "Each 835: claims paid less provider-level adjustments must be the payment. One sent twice counts once.",
    )
    filter_bar.show(context, ("period", "payer", "payer_class"))
    whole = context.select("remittances")
    cards.figures(
        [
            cards.linked("Payments", whole, "835 payments"),
            cards.linked("Not balanced", whole.narrow(is_balanced=False), ""),
            cards.linked("Sent again", whole.narrow(is_duplicate=True), "in no total of accounts"),
            cards.linked(
                "Taken back or forwarded by payers", context.select("provider_adjustments"), "belong to no claim"
            ),
        ]
    )


def gates(context: Context) -> None:
    """Which checks did not pass in the newest runs, those included that published nothing."""
    trail = context.reader.trail
    found = gate_history(trail.home)[:GATES_SHOWN] if trail else []
    rows = [
        (
            formats.moment(gate.finished_at),
            formats.words(gate.run_status),
            formats.words(gate.status),
            gate.sentence or gate.check,
            formats.count(gate.failure_count),
        )
        for gate in found
    ]
    st.html(Markup('<h3 class="table-title">Checks that did not pass in the newest runs</h3>'))
    if rows:
        plain.show("Checks of earlier runs", GATE_HEAD, rows)
    else:
        layout.empty("Every check of the newest runs passed.")


def seen_by(context: Context) -> None:
    """The newest entries of the audit log, for those who may see it."""
    trail = context.reader.trail
    if trail is None or not trail.access.sees_audit:
        return
    layout.section(
        "Who saw rows that name patients, and who took files away?",
        Markup("The newest {} entries; <code>owed audit</code> lists all. Times are UTC.").format(AUDITED),
    )
    entries = newest(trail.home, AUDITED)
    if not entries:
        layout.empty("Nobody has seen any yet.")
        return
    plain.show("Audit log", AUDIT_HEAD, [_entry(entry) for entry in entries])


def _entry(entry: dict[str, Any]) -> tuple[str, ...]:
    filters = "; ".join(f"{name} {' or '.join(values)}" for name, values in entry.get("filters", {}).items())
    did = f"{entry.get('format', '').upper()} of {entry['name']}" if entry.get("action") == "export" else "View"
    page = PAGES[entry["page"]].title if entry.get("page") in PAGES else str(entry.get("page"))
    return (
        formats.moment(datetime.fromisoformat(entry["at"])),
        str(entry.get("who")),
        str(entry.get("role")),
        did,
        page,
        formats.count(entry.get("rows")),
        filters or "–",
    )


def show_table(context: Context, name: str, source: str, wanted: tuple[str, ...], title: str, order: str) -> None:
    names, there = context.reader.pick(source, wanted), context.reader.columns(source)
    columns = [column(item, kind=KINDS.get(item, labels.kind(item, there[item]))) for item in names]
    query = Query(f"select {', '.join(names)} from marts.{source}")
    table.show(name, query, columns, title=title, order=order, size=10, row_name="run", empty="No run is known.")


show(current())
