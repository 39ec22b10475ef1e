"""What each payer answered to one claim, in its own codes."""

from __future__ import annotations

from dashboards import labels
from dashboards.parts import layout, table
from dashboards.parts.context import Context
from dashboards.parts.table import column
from dashboards.snapshot import Query

ANSWERS = tuple(
    "remit_date payer_id payer_role payer_claim_control_number status_code remark_codes charge_amount allowed_amount"
    " payer_paid_amount patient_responsibility_amount is_latest is_reversal is_duplicate".split()
)
ADJUSTMENTS = tuple("remit_date line_number code remark_codes words adjustment_amount".split())
_ADJUSTMENTS = """
    select answers.remit_date, adjustments.line_number, adjustments.remark_codes, adjustments.adjustment_amount,
        concat_ws('-', adjustments.group_code, adjustments.reason_code) as code, reasons.words
    from marts.fct_adjustments as adjustments
    inner join marts.fct_adjudications as answers on adjustments.adjudication_id = answers.adjudication_id
    left join marts.dim_adjustment_reasons as reasons on adjustments.reason_code = reasons.reason_code
    where adjustments.claim_key = ?
"""


def show(context: Context, key: str) -> None:
    """Each answer of a payer, and its adjustments in the payer's own codes, where the snapshot carries them."""
    there = context.reader.columns("fct_adjudications")
    if not there:
        return
    layout.section("What did each payer answer?", "Remittances as they came; the latest of the primary payer counts.")
    shown = [name for name in ANSWERS if name in there]
    query = Query(f"select {', '.join(shown)} from marts.fct_adjudications where claim_key = ?", (key,))
    columns = [column(name, kind=labels.kind(name, there[name])) for name in shown]
    table.show(
        "answers", query, columns, title="Answers", order="remit_date", row_name="answer", empty="Nobody has answered."
    )
    query = Query(_ADJUSTMENTS, (key,))
    columns = [column(name) for name in ADJUSTMENTS]
    table.show(
        "adjustments",
        query,
        columns,
        title="Adjustments, in the payer's codes",
        headed=True,
        order="remit_date",
        size=25,
        row_name="adjustment",
        empty="No answer adjusts anything.",
    )
