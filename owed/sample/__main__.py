"""`python -m owed.sample OUT --claims N --seed S`: write a sample inbox and its truth."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from owed.sample.generator import START, generate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m owed.sample", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write inbox/ and truth/ into")
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=date.fromisoformat, default=START, help="the first service date")
    parser.add_argument("--months", type=int, default=12)
    given = parser.parse_args()
    summary = generate(given.out, claims=given.claims, seed=given.seed, months=given.months, start=given.start)
    print(
        f"{summary.claims} claims in {summary.claim_files} files, {summary.remittances} remittances in "
        f"{summary.remittance_files} files, {summary.transactions} account transactions, as of {summary.as_of}"
    )


if __name__ == "__main__":
    main()
