"""What the last twelve months would have brought under other words of a contract: `owed whatif` on a page.

The command does the work in a process of its own, since it reads the warehouse and the pages read snapshots alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st
from markupsafe import Markup

from dashboards import formats, labels
from dashboards.parts import layout
from dashboards.parts.context import Context

LONGEST_SECONDS = 900
HEAD = ("Codes", "Claims", "Lines", "Charged", "As agreed now", "Under these words", "Difference")
Answer = dict[str, Any]


def show(context: Context, contract_id: str, text: str) -> None:
    """The contract's words to be changed, and what the change would have brought.

    Nothing for a reader who sees no identifiers: the answer explains its largest differences by claim.
    """
    trail = context.reader.trail
    if trail is None or context.reader.is_masked:
        return
    layout.section(
        "What if it said something else?",
        "Change the words and see what the last twelve months' claims of this payer would have been worth. "
        "Nothing is kept, and no figure elsewhere changes.",
    )
    with st.expander("Change the words"):
        asked = st.text_area("Contract file", text, height=360, key=f"whatif_{contract_id}")
        pressed = st.button("Price the last twelve months again", type="primary", disabled=asked == text)
    kept = f"whatif_answer_{context.reader.snapshot.build}_{contract_id}"
    if pressed:
        with st.spinner("Pricing the claims again. This takes some seconds, with many claims some minutes."):
            st.session_state[kept] = run(trail.home, asked)
    answer = st.session_state.get(kept)
    if not answer:
        return
    if "error" in answer:
        layout.message("This cannot be priced", str(answer["error"]), kind="warn")
        return
    examples = answer["comparison"]["examples"]
    if examples:
        trail.viewed(["claim_id"], len(examples), [])
    draw(answer)


def run(home: Path, text: str) -> Answer:
    """What `owed whatif --json` says of a contract's words; `error` where it can say nothing."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "changed.contract.yaml"
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "owed", "whatif", "--contract", str(path), "--home", str(home), "--json"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)
            answer: Answer = json.loads(done.stdout, parse_float=Decimal)
        except subprocess.TimeoutExpired:
            return {"error": f"It took longer than {LONGEST_SECONDS // 60} minutes: use `owed whatif` instead."}
        except ValueError:
            return {"error": "The command gave no answer: try `owed whatif` on the machine itself."}
        return answer


def draw(answer: Answer) -> None:
    """The families of codes with both sums, what is in no sum, and the largest differences step by step."""
    compared = answer["comparison"]
    total = compared["total"]
    difference = Decimal(total["difference_amount"])
    verdict = f"{formats.dollars(abs(difference))} {'more' if difference > 0 else 'less'}" if difference else "the same"
    st.html(
        Markup('<p class="verdict">Services from {} to {} would have been worth <b>{}</b>.</p>').format(
            answer["from_date"], answer["to_date"], verdict
        )
    )
    body = Markup("").join(_row(family) for family in compared["families"])
    st.html(
        Markup(
            '<div class="table-scroll" role="region" tabindex="0" aria-label="What would have been different">'
            "<table><thead><tr>{}</tr></thead><tbody>{}</tbody><tfoot>{}</tfoot></table></div>"
        ).format(
            Markup("").join(
                Markup('<th scope="col" class="{}">{}</th>').format("num" if place else "text", name)
                for place, name in enumerate(HEAD)
            ),
            body,
            _row({**total, "code_family": "All rows"}),
        )
    )
    apart = (
        ("only now", compared["no_longer_priced_count"], compared["no_longer_priced_amount"]),
        ("only under these words", compared["newly_priced_count"], compared["newly_priced_amount"]),
    )
    said = [f"{formats.counted(n, 'line')} priced {when} ({formats.money(amount)})" for when, n, amount in apart if n]
    if said:
        st.html(Markup('<p class="note">In no sum: {}.</p>').format("; ".join(said)))
    for example in compared["examples"]:
        _example(example)


def _row(family: Answer) -> Markup:
    name = family["code_family"]
    cells = [Markup('<td class="text">{}</td>').format(formats.words(name))]
    for key, how in (
        ("claim_count", "count"),
        ("line_count", "count"),
        ("charge_amount", "money"),
        ("now_amount", "money"),
        ("then_amount", "money"),
        ("difference_amount", "money"),
    ):
        value = family[key]
        amount = Decimal(value) if how == "money" else value
        cells.append(Markup('<td class="num">{}</td>').format(labels.written(amount, how)))
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _example(example: Answer) -> None:
    where = f"line {example['line_number']}" if example["line_number"] else "as a whole"
    steps = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(name, _step(step))
        for name, key in (("Now", "now_steps"), ("Then", "then_steps"))
        for step in example[key]
    )
    st.html(
        Markup(
            '<div class="terms"><details><summary>Claim {} {} <span>{} now, {} then</span></summary>'
            '<dl class="facts">{}</dl></details></div>'
        ).format(
            example["claim_id"],
            where,
            formats.money(Decimal(example["now_amount"])),
            formats.money(Decimal(example["then_amount"])),
            steps,
        )
    )


def _step(step: Answer) -> str:
    parts = (formats.words(step["rule"]), step["clause"], step["inputs"])
    after = "" if step["amount_after"] is None else f" = {formats.money(Decimal(step['amount_after']))}"
    return "; ".join(part for part in parts if part) + after
