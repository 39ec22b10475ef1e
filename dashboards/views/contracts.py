"""Contracts: what was agreed with whom until when, and how much depends on each."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st
from markupsafe import Markup

from dashboards import formats, labels
from dashboards.parts import filter_bar, groups, layout, table, whatif
from dashboards.parts.context import Context, current, here
from dashboards.parts.table import Column, column
from dashboards.snapshot import Query, Row
from dashboards.variances import COMPARED

INVENTORY = (
    "contract_id",
    "payer_id",
    "is_in_force",
    "effective_to",
    "notice_date",
    "claim_count",
    "expected_allowed_amount",
    "allowed_amount",
    "recoverable_amount",
    "percent_of_medicare",
    "filing_limit_near_amount",
    "timely_filing_days",
    "appeal_days",
    "effective_from",
    "claim_types",
    "products",
)
CONFLICTS = tuple(
    "contract_id code_type code setting term_id conflict_type contract_amount file_amount difference_amount"
    " contract_percent file_percent file_payer_name file_plan_name".split()
)
COVERAGE = tuple(
    "payer_id file_payer_name file_plan_name charge_count compared_count conflict_count not_compared_reason".split()
)
FACTS = (
    "effective_from",
    "effective_to",
    "claim_types",
    "products",
    "terms",
    "default_method",
    "default_percent",
    "date_basis",
    "lesser_of",
    "modifiers_basis",
    "multiple_procedures_basis",
    "stop_loss_kind",
    "stop_loss_threshold",
    "stop_loss_percent",
    "sequestration_percent",
    "tolerance_amount",
    "tolerance_percent",
    "timely_filing_days",
    "appeal_days",
    "prompt_pay_days",
    "annual_interest_percent",
    "file_name",
)
MODELS = {"contract_id": "text", "claim_types": "text", "terms": "text", "term_count": "count"}


def show(context: Context) -> None:
    chosen = st.query_params.get("contract")
    with layout.part("Contracts"):
        if chosen:
            one(context, chosen)
        else:
            headline(context)
            filter_bar.show(context, ("payer", "payer_class"))
            inventory(context)
    if not chosen:
        with layout.part("Claims without a price"):
            unpriced(context)
        with layout.part("Price transparency"):
            conflicts(context)


def headline(context: Context) -> None:
    where, chosen = context.payers_only("payer_id"), context.filters.payer
    row = context.reader.one(
        Query(
            "select count(*) filter (effective_from <= ? and coalesce(effective_to, ?) >= ?) as in_force,"
            " count(*) filter (effective_to between ? and ?) as ending, count(*) as known"
            f" from marts.dim_contracts {where.sql}",
            (*[context.as_of] * 4, context.as_of + timedelta(days=120), *where.values),
        )
    )
    if where.sql and not row["known"]:
        whose = "this payer is on file, so none of its" if chosen else "these payers is on file, so none of their"
        layout.title("contracts", f"No contract of {whose} claims can be priced.")
        return
    if not row["known"]:
        layout.title(
            "contracts",
            "No contract is on file, so nothing can be priced.",
            Markup("Put a <code>*.contract.yaml</code> file into the inbox and refresh."),
        )
        return
    whose = f" of {context.payer(chosen)}" if chosen else ""
    layout.title(
        "contracts",
        f"{formats.counted(row['in_force'], 'contract')}{whose} in force on {formats.day(context.as_of)}; "
        f"{formats.count(row['ending'])} of them end within 120 days.",
        "What no contract prices is shown as not priced, with its reason. It is never guessed.",
    )


def inventory(context: Context) -> None:
    there = context.reader.columns("rpt_contract_inventory")
    source = "rpt_contract_inventory" if "contract_id" in there else "dim_contracts"
    there = there if source == "rpt_contract_inventory" else context.reader.columns("dim_contracts")
    names = [name for name in INVENTORY if name in there]
    columns = [
        column(name, kind=_kind(name, there[name]), link=_contract if name == "contract_id" else None) for name in names
    ]
    where = context.payers_only("payer_id")
    query = Query(f"select {', '.join(names)} from marts.{source} {where.sql}", where.values)
    layout.section(
        "What did we agree, and until when?",
        "Open one to see its terms and what it brought. Amounts are of the last twelve months, refused lines included.",
    )
    table.show(
        "inventory",
        query,
        columns,
        title="Contracts",
        order="contract_id",
        size=20,
        row_name="contract",
        empty="No such contract is on file.",
    )


def _kind(name: str, data_type: str) -> str:
    return MODELS.get(name) or labels.kind(name, data_type)


def _contract(row: Row) -> str:
    return here(contract=str(row["contract_id"]))


def conflicts(context: Context) -> None:
    """Where the hospital's own price-transparency file says another price than the contract on file."""
    there = context.reader.columns("rpt_contract_price_conflicts")
    if not there:
        return
    layout.section(
        "Does the hospital publish the same prices?",
        "Contracts in force held against the hospital's price-transparency file, for one unit. "
        "One of the two is wrong where they differ.",
    )
    where = context.payers_only("payer_id")
    covered = context.reader.columns("rpt_price_transparency_coverage")
    for name, report, known, wanted, title, empty in (
        ("conflicts", "rpt_contract_price_conflicts", there, CONFLICTS, "Conflicts", "No conflict was found."),
        (
            "coverage",
            "rpt_price_transparency_coverage",
            covered,
            COVERAGE,
            "What was compared",
            "No such file is loaded.",
        ),
    ):
        names = [item for item in wanted if item in known]
        if names:
            columns = [column(item, kind=_kind(item, known[item])) for item in names]
            query = Query(f"select {', '.join(names)} from marts.{report} {where.sql}", where.values)
            table.show(name, query, columns, title=title, order=names[0], size=15, empty=empty, headed=True)


def unpriced(context: Context) -> None:
    layout.section("What could not be priced, and why?", "Answered lines of the period; by the reason.")
    groups.show(
        "unpriced",
        context.select("variances", variance_class="not_priced").summing("charge_amount"),
        ["not_priced_reason", "payer_id"],
        title="Not priced",
        amount="Charged",
        rows="Lines",
        empty="Every answered line of the period was priced.",
    )


def one(context: Context, contract_id: str) -> None:
    row = context.reader.one(Query("select * from marts.dim_contracts where contract_id = ?", (contract_id,)))
    if not row:
        layout.title("contracts", "No contract of this name is on file.")
        st.html(Markup('<p><a href="{}">All contracts</a></p>').format(here(contract=None)))
        return
    until = f"until {formats.day(row['effective_to'])}" if row["effective_to"] else "without an end"
    layout.title("contracts", row["contract_name"] or contract_id, f"{context.payer(row['payer_id'])}, {until}.")
    st.html(
        Markup('<nav class="trail"><a href="{}">All contracts</a> › <b>{}</b></nav>').format(
            here(contract=None), contract_id
        )
    )
    filter_bar.show(context, ("period", "facility"))
    layout.section("Which terms were used, and were they kept?")
    more = {
        "expected": (
            "coalesce(sum(expected_allowed_amount), 0.00)",
            Column("expected", "Expected", "money", total=True),
        ),
        "allowed": ("coalesce(sum(allowed_amount), 0.00)", Column("allowed", "Allowed", "money", total=True)),
    }
    compared = context.select("variances", contract_id=contract_id, variance_class=COMPARED)
    groups.show(
        "terms",
        compared.summing("charge_amount"),
        ["term_id"],
        title="Lines by term, without refused ones",
        amount="Charged",
        headed=True,
        rows="Lines",
        more=more,
        empty="No answered line of the period was priced by it.",
    )
    groups.show(
        "results",
        context.select("variances", contract_id=contract_id).summing("charge_amount"),
        ["variance_class", "root_cause"],
        title="Lines by result",
        amount="Charged",
        rows="Lines",
        headed=True,
    )
    layout.section("What does it say?")
    there = context.reader.columns("dim_contracts")
    items = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(labels.label(name), labels.written(row[name], _kind(name, there[name])))
        for name in FACTS
        if row.get(name) not in (None, "")
    )
    st.html(Markup('<dl class="facts">{}</dl>').format(items))
    if row.get("source_text"):
        with st.expander("The contract file as written"):
            st.code(row["source_text"], language="yaml")
        whatif.show(context, contract_id, row["source_text"])


show(current())
