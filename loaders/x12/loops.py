"""The loop maps of the 835 and the 837s, and the one engine that follows them.

A loop begins at its start segment, if its parent loop is open and none of the siblings named in `until` has begun in
this instance of the parent; it ends where a sibling begins or its parent ends. So position alone decides, as in the
guides, and a file with a wrong HL parent or a missing segment still falls into place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from loaders.x12.tokens import Bools, Codes, Ints, Segments, segment_code

NEVER = -1
Narrow = npt.NDArray[np.int32]


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
ST, SE, ISA, GS = (segment_code(name) for name in ("ST", "SE", "ISA", "GS"))
ENVELOPE = tuple(segment_code(name) for name in ("ISA", "IEA", "GS", "GE"))
TA1 = segment_code("TA1")
_NAMES = {name for loops in MAPS.values() for loop in loops for name in (loop.name, *loop.labels.values())}
LABELS = ["", *sorted(_NAMES | {ROOT})]
_LABEL_NUMBER = {label: number for number, label in enumerate(LABELS)}


@dataclass
class Carry:
    """What a chunk leaves to the next: the newest head of each loop, its label, and the counters."""

    heads: dict[tuple[str, str], int] = field(default_factory=dict)
    labels: dict[tuple[str, str], int] = field(default_factory=dict)
    transaction_type: int = 0
    counts: dict[int, int] = field(default_factory=lambda: {ISA: 0, GS: 0, ST: 0})
    segments: int = 0


@dataclass(frozen=True)
class Structure:
    """Where each segment of a chunk belongs.

    The segments at which anything changes (a loop, transaction, envelope or file begins or ends) are its places, few
    among all; `place` gives the newest place at or before each segment, and the other arrays have one entry a place.
    All numbers count from 1 in the file, and 0 is none: `interchange_number`, `group_number` and `transaction_number`
    count envelopes; `claim_number`, `line_number`, `owner_number` and `parent_number` are the ordinals of segments.
    """

    base: int
    place: Ints
    interchange_number: Narrow
    group_number: Narrow
    transaction_number: Narrow
    transaction_type: Ints
    label: npt.NDArray[np.int8]
    claim_number: Narrow
    line_number: Narrow
    owner_number: Narrow
    parent_number: Narrow


def _newest(positions: Ints, matches: Bools, carried: int) -> Ints:
    """For each place, the newest position at or before it where `matches` holds."""
    marked = np.where(matches, positions, NEVER)
    marked[0] = max(int(marked[0]), carried)
    return np.maximum.accumulate(marked)


def _carried_values(newest: Ints, positions: Ints, values: Ints, carried: int) -> Ints:
    """`values` at the newest position; the carried value where that lies in an earlier chunk."""
    at = np.minimum(np.searchsorted(positions, newest), len(values) - 1)
    return np.where(newest >= positions[0], values[at], carried)


def _places(code: Codes, kinds: set[str], file_begins: Ints) -> Bools:
    """Which segments are places: what may begin a loop of these transaction types, envelopes, and what follows an
    end."""
    starts = {segment_code(loop.start) for kind in kinds for loop in MAPS[kind]} | {ST}
    is_place = np.isin(code, np.array(sorted(starts), dtype=np.uint32))
    ends = np.isin(code, np.array([SE, TA1, *ENVELOPE], dtype=np.uint32))
    is_place |= ends
    is_place[1:] |= ends[:-1]
    is_place[file_begins] = True
    return is_place


def follow(segments: Segments, carry: Carry, file_begins: Ints | None = None) -> Structure:
    """Place every segment of a chunk (not empty) in its transaction, loop, claim and line.

    `file_begins` gives, where a chunk holds several whole files, the index of each one's first segment. `carry` is
    read and brought up to date.
    """
    base = carry.segments
    if file_begins is None:
        file_begins, begins_in_stream = np.zeros(1, dtype=np.int64), np.full(1, NEVER, dtype=np.int64)
    else:
        begins_in_stream = file_begins + base
    starts = np.flatnonzero(segments.code == ST)
    types = segments.short_codes(starts, 1).astype(np.int64)
    found = {carry.transaction_type, *np.unique(types).tolist()}
    kinds = {kind for kind in MAPS if segment_code(kind) in found}
    is_place = _places(segments.code, kinds, file_begins)
    rows = np.flatnonzero(is_place)
    code, positions = segments.code[rows], rows + base
    size = len(rows)

    first_places = np.searchsorted(rows, file_begins)
    file_of_place = np.searchsorted(file_begins, rows, side="right") - 1
    counts = {}
    for envelope, carried in carry.counts.items():
        running = np.cumsum(code == envelope) + carried
        carry.counts[envelope] = int(running[-1])
        before = running[first_places] - (code[first_places] == envelope)
        counts[envelope] = running - (before[file_of_place] if len(file_begins) > 1 else 0)

    st_head = _newest(positions, code == ST, carry.heads.get(("", ROOT), NEVER))
    type_of_place = np.zeros(size, dtype=np.int64)
    type_of_place[np.searchsorted(rows, starts)] = types
    transaction_type = _carried_values(st_head, positions, type_of_place, carry.transaction_type)
    is_open = (st_head >= begins_in_stream[file_of_place]) & (st_head > NEVER) & ~np.isin(code, ENVELOPE)
    after_end = _newest(positions, code == SE, carry.heads.get(("", "SE"), NEVER))
    end_before = np.append(carry.heads.get(("", "SE"), NEVER), after_end[:-1])
    is_open &= end_before <= st_head
    carry.heads["", ROOT], carry.heads["", "SE"] = int(st_head[-1]), int(after_end[-1])
    carry.transaction_type = int(transaction_type[-1])
    carry.segments += len(segments)

    label = np.where(is_open, _LABEL_NUMBER[ROOT], 0)
    owner = np.where(is_open, st_head, NEVER)
    parent = owner.copy()
    claim = np.full(size, NEVER, dtype=np.int64)
    line = claim.copy()
    for kind in sorted(kinds):
        loops = MAPS[kind]
        heads: dict[str, Ints] = {ROOT: st_head}
        opened: dict[str, Bools] = {ROOT: is_open & (transaction_type == segment_code(kind))}
        for parent_name in dict.fromkeys(loop.parent for loop in loops):
            family = [loop for loop in loops if loop.parent == parent_name]
            parent_open, parent_head = opened[parent_name], heads[parent_name]
            for loop in family:
                begins = parent_open & (code == segment_code(loop.start))
                for sibling in loop.until:
                    begins &= heads[sibling] < parent_head
                heads[loop.name] = _newest(positions, begins, carry.heads.get((kind, loop.name), NEVER))
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
                label = np.where(inside, _loop_label(segments, base, positions, loop, head, carry, kind), label)
                if loop.role == "claim":
                    claim = np.where(inside, head, claim)
                elif loop.role == "line":
                    line = np.where(inside, head, line)
        for loop_name, head in heads.items():
            if loop_name != ROOT:
                carry.heads[kind, loop_name] = int(head[-1])
    # Positions count from 0 over all files of the stream.
    file_begin = np.maximum(begins_in_stream, 0)[file_of_place]

    def ordinal(head: Ints) -> Narrow:
        return np.where(head > NEVER, head - file_begin + 1, 0).astype(np.int32)

    return Structure(
        base=base,
        place=np.cumsum(is_place) - 1,
        interchange_number=counts[ISA].astype(np.int32),
        group_number=counts[GS].astype(np.int32),
        transaction_number=np.where(is_open, counts[ST], 0).astype(np.int32),
        transaction_type=np.where(is_open, transaction_type, 0),
        label=label.astype(np.int8),
        claim_number=ordinal(claim),
        line_number=ordinal(line),
        owner_number=ordinal(owner),
        parent_number=ordinal(parent),
    )


def _start_of(loops: tuple[Loop, ...], name: str) -> str:
    return next(loop.start for loop in loops if loop.name == name)


def _loop_label(
    segments: Segments, base: int, positions: Ints, loop: Loop, head: Ints, carry: Carry, kind: str
) -> Ints:
    """The label of each place's instance of `loop`, from its head's code element."""
    values = np.full(len(positions), _LABEL_NUMBER[loop.name], dtype=np.int64)
    if not loop.labels:
        return values
    heads = np.flatnonzero(head == positions)
    codes = segments.short_codes(positions[heads] - base, loop.label_element)
    for value, label in loop.labels.items():
        values[heads[codes == segment_code(value)]] = _LABEL_NUMBER[label]
    result = _carried_values(head, positions, values, carry.labels.get((kind, loop.name), _LABEL_NUMBER[loop.name]))
    carry.labels[kind, loop.name] = int(result[-1])
    return result
