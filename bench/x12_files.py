"""X12 of any size for benchmarks and fuzzing: made up, with right envelopes and amounts that balance."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

CLAIMS_A_TRANSACTION = 500
VERSIONS = {"835": ("HP", "005010X221A1"), "837": ("HC", "005010X222A1")}


def _money(cents: int) -> str:
    return f"{cents / 100:.2f}".rstrip("0").rstrip(".")


def _remittance(rng: random.Random, first: int, claims: int) -> Iterator[str]:
    bodies, paid = [], 0
    for number in range(first, first + claims):
        lines = [rng.randrange(5_000, 60_000) for _ in range(rng.randrange(1, 5))]
        charge, share = sum(lines), sum(line // 10 for line in lines)
        payment = sum(line - line // 3 - line // 10 for line in lines)
        paid += payment
        bodies += [
            f"CLP*ACCT{number:08d}*1*{_money(charge)}*{_money(payment)}*{_money(share)}*12*ICN{number:012d}*11*1",
            f"NM1*QC*1*TESTPATIENT{number % 9999}*ALPHA*B***MI*MEMBER{number:07d}",
            "NM1*82*1*DOCTOR*FICTIONAL****XX*1234567893",
            f"REF*1L*GROUP{number % 100}",
            "MOA***MA01",
            "DTM*232*20250501",
            "DTM*233*20250501",
            f"AMT*AU*{_money(payment + share)}",
        ]
        for order, line in enumerate(lines):
            procedure, paid_line = rng.choice(("99213", "99214", "93000", "80053")), line - line // 3 - line // 10
            bodies += [
                f"SVC*HC:{procedure}:25*{_money(line)}*{_money(paid_line)}**1",
                "DTM*472*20250501",
                f"CAS*CO*45*{_money(line // 3)}",
                f"CAS*PR*2*{_money(line // 10)}",
                f"REF*6R*{number:08d}{order}",
                f"AMT*B6*{_money(line - line // 3)}",
                "LQ*HE*N130",
            ]
    yield f"BPR*I*{_money(paid)}*C*ACH*CCP*01*111000025*DA*123450001*9999999999**01*222000050*DA*876540009*20250615"
    yield from (f"TRN*1*CHECK{first:08d}*1999999999", "DTM*405*20250615")
    yield from ("N1*PR*NORTHFIELD HEALTH (FICTIONAL)*XV*12345", "N3*1 PAYER PLAZA", "N4*ANYTOWN*OH*44101")
    yield from ("N1*PE*HARBOR FICTIONAL CLINIC*XX*1234567893", "REF*TJ*999000111", "LX*1", *bodies)


def _claims(rng: random.Random, first: int, claims: int) -> Iterator[str]:
    yield f"BHT*0019*00*BATCH{first}*20250502*1200*CH"
    yield from ("NM1*41*2*HARBOR FICTIONAL CLINIC*****46*SUBMITTER", "PER*IC*OFFICE*TE*5550100")
    yield from ("NM1*40*2*FICTIONAL CLEARINGHOUSE*****46*RECEIVER", "HL*1**20*1", "PRV*BI*PXC*207Q00000X")
    yield from ("NM1*85*2*HARBOR FICTIONAL CLINIC*****XX*1234567893", "N3*2 HARBOR WAY", "N4*ANYTOWN*OH*441010000")
    yield "REF*EI*999000111"
    for level, number in enumerate(range(first, first + claims), start=2):
        lines = [rng.randrange(5_000, 60_000) for _ in range(rng.randrange(1, 5))]
        yield from (f"HL*{level}*1*22*0", f"SBR*P*18*GROUP{number % 100}******CI")
        yield from (f"NM1*IL*1*TESTPATIENT{number % 9999}*ALPHA*B***MI*MEMBER{number:07d}", "N3*3 SAMPLE STREET")
        yield from ("N4*ANYTOWN*OH*44101", f"DMG*D8*19{number % 90 + 10}0101*F")
        yield "NM1*PR*2*NORTHFIELD HEALTH (FICTIONAL)*****PI*NF001"
        yield f"CLM*ACCT{number:08d}*{_money(sum(lines))}***11:B:1*Y*A*Y*Y"
        yield from (f"REF*D9*TRACE{number:010d}", "HI*ABK:J209*ABF:E119", "NM1*82*1*DOCTOR*FICTIONAL****XX*1234567893")
        for order, line in enumerate(lines, start=1):
            yield f"LX*{order}"
            yield f"SV1*HC:{rng.choice(('99213', '99214', '93000', '80053'))}:25*{_money(line)}*UN*1***1:2"
            yield from ("DTP*472*D8*20250501", f"REF*6R*{number:08d}{order}")


def transaction(kind: str, rng: random.Random, first: int, claims: int) -> list[str]:
    """ST to SE, `kind` 835 or 837, of `claims` claims numbered from `first`."""
    start = f"ST*835*{first:09d}" if kind == "835" else f"ST*837*{first:09d}*{VERSIONS[kind][1]}"
    body = [start, *(_remittance if kind == "835" else _claims)(rng, first, claims)]
    return [*body, f"SE*{len(body) + 1}*{first:09d}"]


def interchange(kind: str, transactions: list[list[str]]) -> str:
    """Transactions in their envelope."""
    functional_id, version = VERSIONS[kind]
    segments = [
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *250601*1200*^*00501*000000001*0*P*:",
        f"GS*{functional_id}*SENDER*RECEIVER*20250601*1200*1*X*{version}",
        *(segment for segments in transactions for segment in segments),
        f"GE*{len(transactions)}*1",
        "IEA*1*000000001",
    ]
    return "".join(f"{segment}~" for segment in segments)


def write(kind: str, path: Path, size: int) -> None:
    """One file of at least `size` bytes."""
    rng = random.Random(1)
    head, tail = interchange(kind, []).split("GE*0")
    with path.open("w", encoding="ascii") as stream:
        stream.write(head)
        count = 0
        while stream.tell() < size:
            first = count * CLAIMS_A_TRANSACTION + 1
            stream.write("".join(f"{segment}~" for segment in transaction(kind, rng, first, CLAIMS_A_TRANSACTION)))
            count += 1
        stream.write(f"GE*{count}{tail}")


def write_many(folder: Path, count: int) -> None:
    """`count` files of a few claims each, half of them 835, half 837."""
    rng = random.Random(2)
    folder.mkdir(parents=True)
    for number in range(count):
        kind = "835" if number % 2 else "837"
        text = interchange(kind, [transaction(kind, rng, number * 10 + 1, rng.randrange(1, 5))])
        (folder / f"{number:06d}.{kind}").write_text(text, encoding="ascii")
