"""Published rows told in a sentence or two."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from dashboards import formats
from dashboards.snapshot import Row


def comparison(row: Row, as_of: date) -> Markup:
    """A row of `fct_payment_variances`: what was agreed, what was allowed, and why they differ."""
    what = _what(row, row["procedure_code"])
    allowed = formats.money(row["allowed_amount"])
    if row["variance_class"] == "not_priced":
        reason = formats.within(row["not_priced_reason"])
        return Markup("<b>{}</b>: not known what was agreed ({}); {} was allowed.").format(what, reason, allowed)
    agreed = Markup("<b>{}</b>: {} expected by term {} of {}, {} allowed on {}. ").format(
        what,
        formats.money(row["expected_allowed_amount"]),
        row["term_id"] or "–",
        row["contract_id"] or "–",
        allowed,
        formats.day(row["remit_date"]),
    )
    if row["variance_class"] == "as_expected":
        return agreed + Markup('<span class="good">✓ As agreed.</span>')
    if row["variance_class"] == "denied":
        return agreed + Markup('<span class="under">Refused, in whole or part: see below.</span>')
    return agreed + _difference(row, as_of)


def _difference(row: Row, as_of: date) -> Markup:
    side = "under" if row["variance_class"] == "underpaid" else "over"
    amount = formats.money(abs(row["variance_amount"] or 0))
    detail = str(row["root_cause_detail"] or "").rstrip(".")
    said = [f"{formats.words(row['root_cause'])}: {detail}." if detail else f"{formats.words(row['root_cause'])}."]
    if side == "under":
        said.append(appeal(row["appeal_deadline_date"], as_of))
    return Markup('<span class="{}">{} {}paid.</span> {}').format(side, amount, side, " ".join(said))


def denial(row: Row, reason: str | None, as_of: date) -> Markup:
    """A row of `fct_denials`: how much was refused with which code, and what came of it.

    `reason` is the code in our own words; without it the denial's category stands in.
    """
    came = formats.words(row["outcome"])
    if row["outcome_date"]:
        came += f" on {formats.day(row['outcome_date'])}"
    said = [f"Remarks: {row['remark_codes']}." if row["remark_codes"] else "", f"{came}."]
    said.append(appeal(row["appeal_deadline_date"], as_of))
    return Markup("<b>{}</b>, {}: {} refused with {}-{} ({}). {}").format(
        _what(row),
        formats.day(row["denial_date"]),
        formats.money(row["denied_amount"]),
        row["group_code"] or "",
        row["reason_code"] or "?",
        (reason or formats.words(row["denial_category"])).rstrip("."),
        " ".join(text for text in said if text),
    )


def _what(row: Row, code: str | None = None) -> str:
    if row["line_number"] == 0:
        return "The claim as a whole"
    return f"Line {row['line_number']}, {code}" if code else f"Line {row['line_number']}"


def appeal(deadline: date | None, as_of: date) -> str:
    """Until when an appeal can be sent, or that its time is over on the as-of date; nothing where no limit is known."""
    if deadline is None:
        return ""
    if deadline < as_of:
        return f"The time to appeal ended on {formats.day(deadline)}."
    return f"Appeal by {formats.day(deadline)}."
