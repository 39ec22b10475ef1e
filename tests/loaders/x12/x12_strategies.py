"""Random X12 for property tests: every segment the reader has a table for and some it has none for, any loops."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from loaders.x12.segments import SEGMENTS, Element

KINDS = {"835": "005010X221A1", "837P": "005010X222A1", "837I": "005010X223A2", "837D": "005010X224A2"}
_ENVELOPE = {"ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"}
_SHARED = ["REF", "DTM", "DTP", "NM1", "N1", "N3", "N4", "PER", "AMT", "QTY", "CAS", "LQ", "ZZZ", "X1", "LONGER"]
# Segments in the order in which loops nest; the shared ones may follow any of them.
_REMITTANCE = ["BPR", "TRN", "N1", "RDM", "LX", "TS3", "TS2", "CLP", "MIA", "MOA", "SVC", "CLP", "SVC", "PLB"]
_LINES = {"837P": ["SV1", "SV5", "CR1", "PS1"], "837I": ["SV2", "CL1"], "837D": ["SV3", "TOO", "DN1", "DN2"]}
_CLAIM = ["BHT", "HL", "PRV", "NM1", "HL", "SBR", "PAT", "DMG", "CLM", "CN1", "K3", "HI", "HCP", "SBR", "OI", "LX"]
_DETAIL = ["LIN", "CTP", "SVD", "FRM", "MEA", "NTE", "PWK", "CRC", "LX", "SVD", "CLM", "HL", "CLM"]

# No delimiter, no line break: those are layout. Beyond ASCII, one letter of two bytes and one of three.
_LETTERS = "ABCXYZabcxy0123456789 .-+/#()é漢"
_DELIMITERS = [*"*|^!'~;jJ", "\x1c", "\x1d", "\x1f", "\x01"]
_BLANKS = ["\n", "\r", "\0", "\r\n"]
_ODD_NUMBERS = ["0", "00", "-0", ".5", "-.50", "5.", "1E2", "1e-3", "1.005", "999999999999.99", "1e12", "+3", " 4"]
_ODD_DATES = ["00000000", "99991231", "19000101", "20250230", "250101"]


@dataclass(frozen=True)
class Text:
    """A file, and the segments of each of its transactions as they must come back."""

    content: bytes
    transactions: list[list[str]]


def _text(rng: Random) -> str:
    return "".join(rng.choices(_LETTERS, k=rng.choice((0, 1, 2, 3, 11, 12, 13, 14, 40))))


def _value(rng: Random, element: Element | None, component: str) -> str:
    """Mostly of the element's type, sometimes written oddly, sometimes not at all of it."""
    if element is not None and element.components:
        return component.join(_text(rng) for _ in range(rng.randrange(len(element.components) + 2)))
    if element is None or element.type == "t" or rng.random() < 0.1:
        return _text(rng)
    if element.type == "d":
        return (
            f"{rng.randrange(1900, 2100)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}"
            if rng.random() < 0.8
            else rng.choice(_ODD_DATES)
        )
    if rng.random() < 0.2:
        return rng.choice(_ODD_NUMBERS)
    cents = rng.randrange(-(10**5), 10 ** rng.choice((4, 7, 11)))
    return rng.choice((f"{cents / 100:.2f}", f"{cents}"))


def _segment(rng: Random, name: str, separator: str, component: str) -> str:
    elements = SEGMENTS.get(name, ())
    count = rng.randrange(len(elements) + 2)
    known = [*elements[:count], *[None] * (count - len(elements))]
    values = ["" if rng.random() < 0.4 else _value(rng, element, component) for element in known]
    return separator.join(
        [name if rng.random() < 0.95 else rng.choice((name.lower(), name.title(), f"{name} ")), *values]
    )


def _transaction(rng: Random, kind: str, length: int, number: int, separator: str, component: str) -> list[str]:
    order = _REMITTANCE if kind == "835" else [*_CLAIM, *_LINES[kind], *_DETAIL]
    names: list[str] = []
    while len(names) < length:
        for name in order:
            if rng.random() < 0.7:
                names += [name, *rng.choices(_SHARED, k=rng.randrange(3))]
    body = [_segment(rng, name, separator, component) for name in names[:length]]
    start = separator.join(["ST", kind[:3], f"{number:04d}", *([KINDS[kind]] if kind != "835" else [])])
    return [start, *body, separator.join(["SE", str(len(body) + 2), f"{number:04d}"])]


@st.composite
def files(draw: DrawFn) -> Text:
    """One to three interchanges, each with its own delimiters, layout and transactions; values by a drawn seed."""
    rng = Random(draw(st.integers(0, 2**32)))
    pieces: list[str] = [draw(st.sampled_from(["", "\ufeff", "\n\n", "  \0"]))]
    transactions: list[list[str]] = []
    for interchange in range(draw(st.integers(1, 3))):
        separator, component, single = draw(st.permutations(_DELIMITERS))[:3]
        separator, terminator = draw(st.sampled_from([separator, "\t"])), draw(st.sampled_from([single, *_BLANKS]))
        layout = draw(st.sampled_from(["", "\r\n", "\n", "\n  "])) if not set(terminator) & set("\r\n") else ""
        head = f"ISA*00*{'':10}*00*{'':10}*ZZ*A{'':14}*ZZ*B{'':14}*250301*1200*{{*00501*{interchange:09d}*0*P*"
        kind = draw(st.sampled_from(list(KINDS)))
        segments = [
            head.replace("*", separator) + component,
            separator.join(["GS", "HP", "A", "B", "20250301", "1200", "1", "X", KINDS[kind]]),
        ]
        lengths = draw(st.lists(st.integers(0, 60), min_size=1, max_size=3))
        for number, length in enumerate(lengths, start=1):
            transactions.append(_transaction(rng, kind, length, number, separator, component))
            segments += transactions[-1]
        segments += [separator.join(["GE", str(len(lengths)), "1"]), separator.join(["IEA", "1", f"{interchange:09d}"])]
        pieces += [segment + terminator + layout for segment in segments]
    return Text("".join(pieces).encode(), transactions)
