"""Small X12 texts with right envelopes, written by hand for tests; a naive splitter to compare with."""

from __future__ import annotations

ISA = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PROVIDER       *250301*1200*^*00501*000000001*0*P*:~"


def transaction(kind: str, body: list[str], *, control: str = "0001", version: str = "005010X221A1") -> list[str]:
    segments = [f"ST*{kind}*{control}*{version}" if kind == "837" else f"ST*{kind}*{control}", *body]
    return [*segments, f"SE*{len(segments) + 1}*{control}"]


def interchange(*transactions: list[str], version: str = "005010X221A1") -> str:
    functional_id = "HP" if version.endswith("X221A1") else "HC"
    inside = [segment for segments in transactions for segment in segments]
    return (
        ISA
        + f"GS*{functional_id}*PAYER*PROVIDER*20250301*1200*1*X*{version}~"
        + "".join(f"{segment}~" for segment in inside)
        + f"GE*{len(transactions)}*1~IEA*1*000000001~"
    )


REMITTANCE = [
    "BPR*I*80*C*ACH************20250305",
    "TRN*1*CHECK1*1999999999",
    "DTM*405*20250304",
    "N1*PR*NORTHFIELD HEALTH (FICTIONAL)",
    "N1*PE*HARBOR FICTIONAL CLINIC*XX*1234567893",
    "LX*1",
    "CLP*CLAIM-1*1*120*80*20*12*PAYER-1*11*1",
    "NM1*QC*1*TESTPATIENT*ALPHA****MI*M1",
    "SVC*HC:99213:25*120*80**1",
    "DTM*472*20250301",
    "CAS*CO*45*20",
    "CAS*PR*2*20",
    "REF*6R*LINE-1",
    "AMT*B6*100",
]

CLAIM = [
    "BHT*0019*00*REF1*20250302*1200*CH",
    "NM1*41*2*HARBOR FICTIONAL CLINIC*****46*SUB1",
    "NM1*40*2*CLEARINGHOUSE*****46*REC1",
    "HL*1**20*1",
    "NM1*85*2*HARBOR FICTIONAL CLINIC*****XX*1234567893",
    "REF*EI*999000111",
    "HL*2*1*22*0",
    "SBR*P*18*GROUP1******CI",
    "NM1*IL*1*TESTPATIENT*ALPHA****MI*M1",
    "DMG*D8*19800101*F",
    "NM1*PR*2*NORTHFIELD HEALTH (FICTIONAL)*****PI*NF1",
    "CLM*CLAIM-1*120***11:B:1*Y*A*Y*Y",
    "HI*ABK:J209",
    "LX*1",
    "SV1*HC:99213:25*120*UN*1***1",
    "DTP*472*D8*20250301",
    "REF*6R*LINE-1",
]


def segments_of(data: bytes) -> list[list[str]]:
    """Every transaction as its segments, by the plainest possible reading: delimiters from the first ISA, if any."""
    text = data.decode("utf-8") if _is_utf8(data) else data.decode("latin-1")
    text = text.lstrip("\ufeff")
    element, terminator = "*", "~"
    if text.startswith("ISA"):
        element = text[3]
        at = 3
        for _ in range(15):
            at = text.index(element, at + 1)
        rest = text[at + 2 :]
        terminator = "\n" if rest.lstrip("\r").startswith("\n") and rest.lstrip().startswith("GS") else rest[0]
    drop = "\r" if terminator == "\n" else "\r\n"
    clean = text.translate({ord(character): None for character in drop})
    transactions: list[list[str]] = []
    inside = False
    for segment in (piece.lstrip(" \t\0") for piece in clean.split(terminator)):
        identifier = segment.split(element)[0]
        if identifier == "ST":
            transactions.append([])
            inside = True
        if inside and segment:
            transactions[-1].append(segment)
        if identifier == "SE":
            inside = False
    return transactions


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
