"""Expected amounts equal an independent plain-Python oracle, to the cent, on every claim and line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.accuracy import oracle
from tests.accuracy.generator import generate
from tests.accuracy.oracle import Price
from tests.accuracy.warehouse import price_claims

SEED = 20250101
PAYERS = 30
CLAIMS_PER_PAYER = 50


def test_every_claim_and_line_is_priced_as_the_oracle_does(tmp_path: Path) -> None:
    case = generate(SEED, PAYERS, CLAIMS_PER_PAYER)
    expected = []
    for claim in case.claims:
        contract, reason = oracle.choose(claim, case.contracts)
        if contract is None:
            lines = tuple((None, None) for _ in claim["lines"])
            expected.append(Price(None, reason, lines=lines))
        else:
            expected.append(oracle.price(claim, contract, case.tables))

    got = price_claims(tmp_path / "home", case.contracts, case.claims, case.tables).prices

    differing = [position for position, (ours, theirs) in enumerate(zip(got, expected, strict=True)) if ours != theirs]
    assert not differing, (
        "\n".join(
            f"{case.claims[position]}\n  expected {expected[position]}\n  got      {got[position]}"
            for position in differing[:3]
        )
        + f"\n{len(differing)} of {len(got)}"
    )
    # The comparison is worth something only if every way of pricing occurs.
    seen = Counter(price.whole_by or price.reason or "lines" for price in got)
    assert {"lines", "no_contract", "no_rate", "stop_loss", "lesser_of"} <= set(seen)
    assert sum(count for name, count in seen.items() if name.startswith("term-")) > 20
