"""The written X12 is right: envelopes, hierarchy and money, recomputed by a naive splitter."""

from __future__ import annotations

from decimal import Decimal

from owed.sample import x12

from .conftest import Sample
from .naive import remittance, split


def test_delimiters_are_announced_and_used() -> None:
    """ISA is 106 characters; ISA11 repeats, ISA16 divides, and the last character ends segments."""
    envelope = x12.Envelope("SENDER", "RECEIVER", "20250131", "0815", 42)
    body = x12.transaction("835", 7, "SVC*HC:99213*10*10~")
    assert body == "ST*835*0007*005010X221A1~SVC*HC:99213*10*10~SE*3*0007~"
    text = x12.interchange(
        envelope, [x12.group("835", 5, envelope, [body])], x12.Delimiters("|", ">", "!", "'", "\r\n")
    )
    assert text[:4] == "ISA|" and text[104:108] == ">'\r\n"
    assert text[82] == "!" and text[70:76] == "250131"
    assert "SVC|HC>99213|10|10'" in text
    assert text.endswith("GE|1|5'\r\nIEA|1|000000042'\r\n")


def test_envelopes_count_what_they_hold(sample: Sample) -> None:
    for path in sample.claim_files() + sample.remittance_files():
        assert path.read_bytes()[105:106] == b"~"
        file = split(path)
        interchange, trailer = file.segments[0], file.segments[-1]
        assert (interchange[0], trailer[0], trailer[2]) == ("ISA", "IEA", interchange[13])
        assert int(trailer[1]) == sum(segment[0] == "GS" for segment in file.segments)
        group: list[list[str]] = []
        for segment in file.segments:
            group = [segment] if segment[0] == "GS" else [*group, segment]
            if segment[0] == "GE":
                assert int(segment[1]) == sum(inner[0] == "ST" for inner in group)
                assert segment[2] == group[0][6]
        for transaction in file.transactions():
            assert int(transaction[-1][1]) == len(transaction)
            assert transaction[-1][2] == transaction[0][2]


def test_every_remittance_balances(sample: Sample) -> None:
    checked = 0
    for path in sample.remittance_files():
        for transaction in split(path).transactions():
            found = remittance(transaction)
            assert found.amount == sum((claim.paid for claim in found.claims), Decimal(0)) - found.provider_adjusted
            assert found.amount >= 0
            for claim in found.claims:
                everywhere = claim.everywhere()
                assert claim.charge - sum((amount for *_, amount in everywhere), Decimal(0)) == claim.paid
                assert claim.patient == sum((amount for group, _, amount in everywhere if group == "PR"), Decimal(0))
                for service in claim.services:
                    assert service.charge - service.adjusted == service.paid, claim.claim_id
                if claim.services:
                    assert sum((service.charge for service in claim.services), Decimal(0)) == claim.charge
                # A contractual amount is never the whole charge: that is a denial, and has a reason of its own.
                assert ("CO", "45", claim.charge) not in everywhere
                checked += 1
    assert checked > sample.summary.claims


def test_line_charges_add_up_and_the_hierarchy_holds(sample: Sample) -> None:
    claims = 0
    for path in sample.claim_files():
        for transaction in split(path).transactions():
            parents = {}
            charge, lines = Decimal(0), Decimal(0)
            for segment in transaction:
                match segment[0]:
                    case "HL":
                        assert int(segment[1]) == len(parents) + 1
                        parents[segment[1]] = segment[3]
                        if segment[3] != "20":
                            assert parents[segment[2]] == {"22": "20", "23": "22"}[segment[3]]
                    case "CLM":
                        assert charge == lines
                        charge, lines, claims = Decimal(segment[2]), Decimal(0), claims + 1
                    case "SV1" | "SV3":
                        lines += Decimal(segment[2])
                    case "SV2":
                        lines += Decimal(segment[3])
            assert charge == lines
    assert claims >= sample.summary.claims
