"""The loop maps of the 835 and the 837s, and the one engine that follows them.

A loop begins at its start segment, if its parent loop is open and none of the siblings named in `until` has begun in
this instance of the parent; it ends where a sibling begins or its parent ends. So position alone decides, as in the
guides, and a file with a wrong HL parent or a missing segment still falls into place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from loaders.x12.tokens import Bools, Ints, Segments, segment_code

NEVER = -1


@dataclass(frozen=True)
class Loop:
    """One row of a loop map.

    `parent` is the loop that must be open, `within` the sibling whose newest instance encloses it (HL encloses CLM,
    LX encloses CLP). `labels` gives the name by the start segment's element `label_element`, else `name` stands.
    `role` marks the loops whose heads become `claim_number` and `line_number`.
    """

    name: str
    start: str
    parent: str
    until: tuple[str, ...] = ()
    within: str = ""
    label_element: int = 1
    labels: dict[str, str] = field(default_factory=dict)
    role: str = ""


ROOT = "ST"
LOOPS_835 = (
    Loop("SE", "SE", ROOT),
    Loop("PLB", "PLB", ROOT),
    Loop("2100", "CLP", ROOT, within="2000", role="claim"),
    Loop("2000", "LX", ROOT),
    Loop("1000", "N1", ROOT, until=("2000", "2100", "PLB"), labels={"PR": "1000A", "PE": "1000B"}),
    Loop("2110", "SVC", "2100", role="line"),
)
LOOPS_837 = (
    Loop("SE", "SE", ROOT),
    Loop("2300", "CLM", ROOT, within="2000", role="claim"),
    Loop("2000", "HL", ROOT, label_element=3, labels={"20": "2000A", "22": "2000B", "23": "2000C"}),
    Loop("1000", "NM1", ROOT, until=("2000", "2300"), labels={"41": "1000A", "40": "1000B"}),
    Loop(
        "2010",
        "NM1",
        "2000",
        labels={"85": "2010AA", "87": "2010AB", "PE": "2010AC", "IL": "2010BA", "PR": "2010BB", "QC": "2010CA"},
    ),
    Loop("2400", "LX", "2300", role="line"),
    Loop("2320", "SBR", "2300", until=("2400",)),
    Loop("2310", "NM1", "2300", until=("2320", "2400")),
    Loop("2330", "NM1", "2320"),
    Loop("2440", "LQ", "2400"),
    Loop("2430", "SVD", "2400"),
    Loop("2420", "NM1", "2400", until=("2430",)),
    Loop("2410", "LIN", "2400"),
)
MAPS: dict[str, tuple[Loop, ...]] = {"835": LOOPS_835, "837": LOOPS_837}
ENVELOPE = tuple(segment_code(name) for name in ("ISA", "IEA", "GS", "GE", "TA1"))
LABELS = [""] + sorted({label for loops in MAPS.values() for loop in loops for label in (loop.name, *loop.labels.values())} | {ROOT})
_LABEL_NUMBER = {label: number for number, label in enumerate(LABELS)}


@dataclass
class Carry:
    """What a chunk leaves to the next: the newest head of each loop, its label, and the counters."""

    heads: dict[tuple[str, str], int] = field(default_factory=dict)
    labels: dict[tuple[str, str], int] = field(default_factory=dict)
    transaction_type: int = 0
    counts: dict[str, int] = field(default_factory=lambda: {"ISA": 0, "GS": 0, "ST": 0})
    segments: int = 0


@dataclass(frozen=True)
class Structure:
    """Where each segment of a chunk belongs; one entry a segment. Numbers are positions in the stream, from 0."""

    base: int
    interchange: Ints
    group: Ints
    transaction: Ints
    transaction_type: Ints
    label: Ints
    claim: Ints
    line: Ints
    owner: Ints
    parent: Ints


def _newest(positions: Ints, matches: Bools, carried: int) -> Ints:
    """For each segment, the newest position at or before it where `matches` holds."""
    marked = np.where(matches, positions, NEVER)
    if len(marked):
        marked[0] = max(int(marked[0]), carried)
    return np.maximum.accumulate(marked)


def _carried_values(newest: Ints, positions: Ints, values: Ints, carried: int) -> Ints:
    """`values` at the newest position; the carried value where that lies in an earlier chunk."""
    if not len(positions):
        return values
    inside = newest >= positions[0]
    return np.where(inside, values[np.where(inside, newest - positions[0], 0)], carried)


def follow(segments: Segments, carry: Carry, file_start: Ints | None = None) -> Structure:
    """Place every segment of a chunk in its transaction, loop, claim and line.

    `file_start` gives, where a chunk holds several whole files, the position at which each segment's file begins.
    `carry` is read and brought up to date.
    """
    size = len(segments)
    base = carry.segments
    positions = np.arange(base, base + size, dtype=np.int64)
    begins = np.zeros(size, dtype=np.int64) if file_start is None else file_start
    code = segments.code
    is_start = code == segment_code(ROOT)
    counters = {}
    for name in carry.counts:
        running = carry.counts[name] + np.cumsum(code == segment_code(name))
        counters[name] = running
    st_head = _newest(positions, is_start, carry.heads.get(("", ROOT), NEVER))
    types = np.zeros(size, dtype=np.int64)
    rows = np.flatnonzero(is_start)
    types[rows] = segments.short_codes(rows, 1)
    transaction_type = _carried_values(st_head, positions, types, carry.transaction_type)
    is_open = (st_head >= begins) & (st_head > NEVER) & ~np.isin(code, ENVELOPE)
    after_end = _newest(positions, code == segment_code("SE"), carry.heads.get(("", "SE"), NEVER))
    is_open &= ~((after_end > st_head) & (positions > after_end))

    label = np.where(is_open, _LABEL_NUMBER[ROOT], 0)
    owner = np.where(is_open, st_head, NEVER)
    parent = owner.copy()
    claim = np.full(size, NEVER, dtype=np.int64)
    line = claim.copy()
    for kind, loops in MAPS.items():
        kind_open = is_open & (transaction_type == segment_code(kind))
        if not kind_open.any():
            continue
        heads: dict[str, Ints] = {ROOT: st_head}
        opened: dict[str, Bools] = {ROOT: kind_open}
        for parent_name in dict.fromkeys(loop.parent for loop in loops):
            family = [loop for loop in loops if loop.parent == parent_name]
            parent_open, parent_head = opened[parent_name], heads[parent_name]
            for loop in family:
                starts = parent_open & (code == segment_code(loop.start))
                for sibling in loop.until:
                    starts &= heads[sibling] < parent_head
                heads[loop.name] = _newest(positions, starts, carry.heads.get((kind, loop.name), NEVER))
            newest = np.maximum.reduce([heads[loop.name] for loop in family])
            for loop in family:
                head = heads[loop.name]
                inside = parent_open & (head == newest) & (head >= parent_head) & (head > NEVER)
                opened[loop.name] = inside
                owner = np.where(inside, head, owner)
                enclosing = parent_head
                if loop.within:
                    outer = heads.get(loop.within)
                    if outer is None:
                        outer = _newest(
                            positions,
                            parent_open & (code == segment_code(_start_of(loops, loop.within))),
                            carry.heads.get((kind, loop.within), NEVER),
                        )
                    enclosing = np.where(outer >= parent_head, outer, parent_head)
                parent = np.where(inside, enclosing, parent)
                label = np.where(inside, _loop_label(segments, positions, loop, head, carry, kind), label)
                if loop.role == "claim":
                    claim = np.where(inside, head, claim)
                elif loop.role == "line":
                    line = np.where(inside, head, line)
        for name, head in heads.items():
            if size and name != ROOT:
                carry.heads[(kind, name)] = int(head[-1])
    if size:
        carry.heads[("", ROOT)] = int(st_head[-1])
        carry.heads[("", "SE")] = int(after_end[-1])
        carry.transaction_type = int(transaction_type[-1])
        for name, running in counters.items():
            carry.counts[name] = int(running[-1])
        carry.segments += size
    return Structure(
        base=base,
        interchange=counters["ISA"],
        group=counters["GS"],
        transaction=np.where(is_open, counters["ST"], 0),
        transaction_type=np.where(is_open, transaction_type, 0),
        label=label,
        claim=claim,
        line=line,
        owner=owner,
        parent=parent,
    )


def _start_of(loops: tuple[Loop, ...], name: str) -> str:
    return next(loop.start for loop in loops if loop.name == name)


def _loop_label(
    segments: Segments, positions: Ints, loop: Loop, head: Ints, carry: Carry, kind: str
) -> npt.NDArray[np.int64]:
    """The label of each segment's instance of `loop`, from its head's code element."""
    plain = _LABEL_NUMBER[loop.name]
    if not loop.labels:
        return np.full(len(positions), plain, dtype=np.int64)
    values = np.full(len(positions), plain, dtype=np.int64)
    rows = np.flatnonzero(head == positions)
    codes = segments.short_codes(rows, loop.label_element)
    for value, label in loop.labels.items():
        values[rows[codes == segment_code(value)]] = _LABEL_NUMBER[label]
    result = _carried_values(head, positions, values, carry.labels.get((kind, loop.name), plain))
    if len(result):
        carry.labels[(kind, loop.name)] = int(result[-1])
    return result
