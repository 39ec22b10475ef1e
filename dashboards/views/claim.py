"""One claim's whole life: what was billed and agreed, what the payer did, every posting, and what is left."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from dashboards import formats, labels
from dashboards.filters import Filters
from dashboards.life import Event, events
from dashboards.parts import answers, cards, layout, packet, table
from dashboards.parts.context import Context, current
from dashboards.parts.table import Column, column
from dashboards.selection import Selection
from dashboards.snapshot import MissingTableError, Query, Row
from dashboards.tellings import appeal, comparison, denial
from dashboards.variances import SUSPECT

LINES = (
    "line_number",
    "procedure_code",
    "modifiers",
    "revenue_code",
    "units",
    "charge_amount",
    "expected_allowed_amount",
    "allowed_amount",
    "payer_paid_amount",
    "patient_responsibility_amount",
    "contractual_amount",
    "denied_amount",
)
ALTERNATIVES = tuple("line_number root_cause alternative alternative_amount distance_amount is_exact is_chosen".split())
STATUS = {
    "unanswered": "No payer has answered, or it took its answer back.",
    "paid": "It was answered and paid; a balance is still open.",
    "partially_denied": "Part of it was refused and is still open.",
    "denied": "It was refused and is still open.",
    "closed": "Its account is closed.",
    "credit": "More came in than was owed: the account is in credit.",
}


def show(context: Context) -> None:
    key = st.query_params.get("claim", "")
    claim: Row = {}
    with layout.part("Claim"):
        if key:
            claim = context.reader.one(Query("select * from marts.fct_claims where claim_key = ?", (key,)))
        if not claim:
            find(context, key)
            return
        headline(context, claim)
        figures(context, claim)
    if not claim:
        return
    with layout.part("The explanation"):
        explanation(context, key)
    with layout.part("The lines"):
        lines(context, key)
    with layout.part("The payer's answers"):
        answers.show(context, key)
    with layout.part("Refusals"):
        denials(context, key)
    with layout.part("The time line"):
        time_line(context, claim)
    with layout.part("The postings"):
        postings(context, key)


def find(context: Context, key: str) -> None:
    """A search by control number. It stays out of the address, since it may name a patient."""
    asked_for = "Enter the patient control number as it was billed."
    if context.reader.is_masked:
        asked_for = "Your role does not see control numbers: open a claim from a table that lists it."
    layout.title("claim", "What happened to one claim?", asked_for)
    if key:
        layout.message("No such claim", "This snapshot holds no claim of that address.", kind="warn")
    if context.reader.is_masked:
        return
    asked = st.text_input("Patient control number", key="control_number", width=320).strip()
    if not asked:
        return
    found = context.reader.rows(
        Query(
            "select claim_key, claim_id, payer_id, service_from_date, charge_amount, claim_status from marts.fct_claims"
            " where upper(claim_id) = upper(?) order by service_from_date, claim_key limit 50",
            (asked,),
        )
    )
    if not found:
        layout.empty("No claim has this control number.")
        return
    items = Markup("").join(
        Markup('<p><a href="{}">{}</a>: {}, service {}, {} charged, {}</p>').format(
            context.claim_link(row["claim_key"]),
            row["claim_id"],
            context.payer(row["payer_id"]),
            formats.day(row["service_from_date"]),
            formats.money(row["charge_amount"]),
            formats.within(row["claim_status"]),
        )
        for row in found
    )
    st.html(items)


def headline(context: Context, claim: Row) -> None:
    balance = claim["balance_amount"]
    if balance is None:
        left = "its balance is not known"
    elif balance < 0:
        left = f"{formats.dollars(-balance)} is held in credit"
    else:
        left = f"{formats.dollars(balance)} is open" if balance else "nothing is open"
    under = underpaid(context, claim["claim_key"])
    short = f"; {formats.dollars(under['amount'])} was underpaid" if under["amount"] else ""
    status = STATUS.get(claim["claim_status"], formats.words(claim["claim_status"]))
    if claim["origin"] == "remittance":
        status = "It is known from a remittance only: no 837 for it was ever seen."
    if until := appeal(under["deadline"], context.as_of):
        status += f" {until}"
    layout.title(
        "claim",
        f"Claim {claim['claim_id']}: {formats.dollars(claim['charge_amount'])} charged to "
        f"{context.payer(claim['payer_id'])}, {left}{short}.",
        f"{status} {formats.words(claim['claim_type'])}, service {formats.day(claim['service_from_date'])}, "
        f"billing NPI {claim['billing_npi'] or formats.UNKNOWN}.",
    )


def underpaid(context: Context, key: str) -> Row:
    """`amount` that the payer underpaid, whatever its date, and `deadline`, the last day to appeal any of it."""
    rows = Selection.of("variances", Filters("all"), context.as_of, claim_key=key, variance_class="underpaid")
    return context.reader.one(
        rows.besides(root_cause=SUSPECT).select(
            "sum(recoverable_amount) as amount, max(appeal_deadline_date) as deadline"
        )
    )


def figures(context: Context, claim: Row) -> None:
    contract = claim["contract_id"]
    under = Markup('<a href="{}">{}</a>').format(context.link("contracts", contract=contract), contract)
    cards.figures(
        [
            ("Expected", formats.money(claim["expected_allowed_amount"]), under if contract else "no contract applies"),
            ("Allowed", formats.money(claim["allowed_amount"]), "by the primary payer"),
            ("Paid by payers", formats.money(claim["payer_paid_amount"]), ""),
            (
                "Patient share",
                formats.money(claim["patient_responsibility_amount"]),
                f"{formats.money(claim['patient_paid_amount'])} paid by the patient",
            ),
            ("Refused", formats.money(claim["denied_amount"]), ""),
            ("Open at payers", formats.money(claim["insurance_balance_amount"]), ""),
            ("Open at the patient", formats.money(claim["patient_balance_amount"]), ""),
        ]
    )


def explanation(context: Context, key: str) -> None:
    """Each compared line in a sentence: what was agreed, what was allowed, and why they differ."""
    rows = context.reader.rows(
        Query("select * from marts.fct_payment_variances where claim_key = ? order by line_number", (key,))
    )
    layout.section("Was it paid as agreed?")
    if not rows:
        layout.empty("The primary payer has not answered, so there is nothing to compare.")
        return
    layout.sentences([comparison(row, context.as_of) for row in rows])
    packet.buttons(context, claim=key)
    alternatives(context, key)
    steps(context, key)


def alternatives(context: Context, key: str) -> None:
    """What was tried to explain a difference, the chosen cause first, where the snapshot carries it."""
    there = context.reader.columns("fct_variance_alternatives")
    if not there:
        return
    names = context.reader.pick("fct_variance_alternatives", ALTERNATIVES)
    query = Query(f"select {', '.join(names)} from marts.fct_variance_alternatives where claim_key = ?", (key,))
    if context.reader.rows(query):
        table.show(
            "alternatives",
            query,
            [column(name, kind=labels.kind(name, there[name])) for name in names],
            title="What would give the payer's figure",
            note="Each alternative's price, and how far it is from what the payer allowed.",
            headed=True,
            order="distance_amount",
            row_name="alternative",
        )


def steps(context: Context, key: str) -> None:
    """The pricing steps, where the snapshot carries them."""
    there = context.reader.columns("fct_pricing_steps")
    if "claim_key" not in there:
        return
    names = [name for name in there if name != "claim_key"]
    query = Query(f"select {', '.join(names)} from marts.fct_pricing_steps where claim_key = ?", (key,))
    table.show(
        "steps",
        query,
        [column(name, kind=labels.kind(name, there[name])) for name in names],
        title="How the price was reached, step by step",
        note="Line 0 is the claim as a whole. The clause names the term and its line in the contract file.",
        headed=True,
        order="line_number",
        size=25,
        row_name="step",
    )


def lines(context: Context, key: str) -> None:
    layout.section("What was billed, allowed and paid?")
    names = context.reader.pick("fct_claim_lines", LINES)
    query = Query(f"select {', '.join(names)} from marts.fct_claim_lines where claim_key = ?", (key,))
    columns = [column(name, total=name.endswith("_amount")) for name in names]
    table.show(
        "lines",
        query,
        columns,
        title="Lines",
        order="line_number",
        size=50,
        row_name="line",
        empty="No line of this claim is known.",
    )


def denials(context: Context, key: str) -> None:
    """Refused lines with the payer's codes in our own words."""
    rows = context.reader.rows(
        Query("select * from marts.fct_denials where claim_key = ? order by denial_date, line_number", (key,))
    )
    if not rows:
        return
    words = reason_words(context)
    layout.section("What was refused, and what came of it?")
    layout.sentences([denial(row, words.get(row["reason_code"]), context.as_of) for row in rows])


def reason_words(context: Context) -> dict[str, str]:
    try:
        rows = context.reader.rows(Query("select * from marts.dim_adjustment_reasons"))
    except MissingTableError:
        return {}
    return {row["reason_code"]: row["words"] for row in rows if row.get("words")}


def time_line(context: Context, claim: Row) -> None:
    layout.section("What happened, and when?", "With the balance of the account after each day's postings.")
    found = events(context.reader, claim)
    items = Markup("").join(_event(event) for event in found)
    st.html(Markup('<ol class="life">{}</ol>').format(items))


def _event(event: Event) -> Markup:
    balance = "" if event.balance is None else f"Balance {formats.money(event.balance)}"
    texts = Markup("").join(Markup("<p>{}</p>").format(text) for text in event.texts)
    return Markup('<li><time>{}</time><div>{}</div><span class="num">{}</span></li>').format(
        formats.day(event.day), texts, balance
    )


def postings(context: Context, key: str) -> None:
    has_files = "file_id" in context.reader.columns("rpt_files")
    file_name = "(select min(file_name) from marts.rpt_files where file_id = source_file_id)" if has_files else "null"
    selection = Selection.of("ledger", Filters("all"), context.as_of, claim_key=key)
    columns = [
        Column("posted_date", "Posted", "date"),
        column("posting_type"),
        column("responsibility"),
        *([Column("file_name", "File", "text")] if has_files else []),
        column("source_segment", kind="text", label="Segment in the file"),
        Column("amount", "Amount", "money", total=True),
    ]
    query = selection.select(
        f"posted_date, posting_type, responsibility, {file_name} as file_name, source_segment, amount"
    )
    table.show(
        "postings",
        query,
        columns,
        title="Postings; their sum is the balance",
        headed=True,
        order="posted_date",
        size=50,
        row_name="posting",
        empty="Nothing was posted to this account.",
    )


show(current())
