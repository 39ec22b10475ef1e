"""How fast claims are priced by the dbt models, beside plain polars on the two simplest methods.

    python bench/pricing.py [--lines N] [--contracts N] [--codes N] [--threads N] [--memory 4GB] [--slowest N]

The `full` book has every method, carve-outs, modifiers, multiple procedures, lesser-of and stop-loss; the `simple` one
fee schedules and percents of charge, which the polars version prices too: both must come to the same cents on every
line. Every measurement is a process of its own, so that peak memory is its own too. The models write each step's
evidence; the polars version writes one amount a line. `seconds` includes the start of Python and dbt, which reads the
project anew; `of work` and the lines a second do not. Files are landed and claims made before.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[1]


def prepare(home: Path, book: str, count: int, codes: int, lines: int) -> None:
    """A warehouse with the book's contracts and schedules landed and the claims in it; for polars, as parquet too."""
    from bench import pricing_book
    from loaders.landing import Landing
    from owed.pricing_run import create_claims

    pricing_book.write_inbox(home / "inbox", book, count, codes)
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        landing = Landing(con, home / "quarantine", "bench")
        landing.prepare()
        refused = [outcome for outcome in landing.land([home / "inbox"]) if outcome.status == "refused"]
        assert not refused, refused[0]
        create_claims(con)
        pricing_book.write_claims(con, count, codes, lines)
        if book == "simple":
            # The simple book is professional throughout; facility claims have no contract there.
            con.execute("update intermediate.int_submissions set claim_type = 'professional'")
            con.execute(f"copy intermediate.int_submissions to '{home / 'claims.parquet'}'")
            con.execute(f"copy intermediate.int_submission_lines to '{home / 'lines.parquet'}'")


def price_by_models(home: Path, slowest: int) -> float:
    """The pricing models, as a refresh runs them. Gives the seconds from the first model's start to the last's end.

    Prints the slowest to standard error.
    """
    from owed.models import invoke
    from owed.pricing_run import PRICING, RATES, REFERENCE, RULES

    kinds = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    results = invoke(["build", *kinds, "--select", RULES, PRICING, REFERENCE, RATES], home, home / "target").results
    broken = [result for result in results if result.status == "error"]
    assert not broken, broken[0].message
    for result in sorted(results, key=lambda result: -result.execution_time)[:slowest]:
        print(f"    {result.execution_time:7.2f} s  {result.node.name}", file=sys.stderr)
    timings = [timing for result in results for timing in result.timing if timing.name == "execute"]
    span: timedelta = max(timing.completed_at for timing in timings) - min(timing.started_at for timing in timings)
    return span.total_seconds()


def price_by_polars(home: Path) -> float:
    """Rate x units by the payer's schedule, else 45% of the charge; in whole cents, rounded half-up. Gives seconds."""
    import polars as pl

    began = time.perf_counter()

    cents = {"units": pl.Int64, "charge": pl.Int64, "rate": pl.Int64}
    claims = pl.scan_parquet(home / "claims.parquet").select("submission_id", "payer_id")
    fees = pl.scan_csv(home / "inbox" / "fees.csv", schema_overrides={"procedure_code": pl.String}).select(
        payer_id=pl.col("schedule_id").str.replace("schedule-", "PAYER"),
        procedure_code="procedure_code",
        rate=(pl.col("amount") * 100).round().cast(cents["rate"]),
    )
    lines = pl.scan_parquet(home / "lines.parquet").select(
        "submission_id",
        "line_number",
        "procedure_code",
        units=pl.col("units").cast(cents["units"]),
        charge=(pl.col("charge_amount") * 100).cast(cents["charge"]),
    )
    priced = lines.join(claims, on="submission_id").join(fees, on=["payer_id", "procedure_code"], how="left")
    amount = pl.when(pl.col("rate").is_null()).then((pl.col("charge") * 45 + 50) // 100)
    priced.select(
        "submission_id", "line_number", amount=amount.otherwise(pl.col("rate") * pl.col("units"))
    ).sink_parquet(home / "polars.parquet")
    return time.perf_counter() - began


def differences(home: Path) -> int:
    """Lines that the models and polars price differently, by any cent."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        row = con.execute(
            f"""
            select count(*)
            from intermediate.int_priced_lines as models
            full join '{home / "polars.parquet"}' as plain
                on models.unit_id = plain.submission_id and models.line_number = plain.line_number
            where models.expected_allowed_amount is distinct from cast(plain.amount as decimal(18, 2)) / 100
            """
        ).fetchone()
    assert row is not None
    return int(row[0])


def measure(given: argparse.Namespace) -> None:
    """In a process of its own: prints seconds in all, seconds of the work alone and peak memory as JSON."""
    # Both engines take as many threads as they see cores.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: given.threads])
    began = time.perf_counter()
    if given.measure == "prepare":
        prepare(given.home, given.home.name, given.contracts, given.codes, given.lines)
        worked = 0.0
    elif given.measure == "models":
        worked = price_by_models(given.home, given.slowest)
    else:
        worked = price_by_polars(given.home)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "worked": worked, "peak": peak}))


def _run(home: Path, how: str, given: argparse.Namespace) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__)), "--measure", how, "--home", str(home)]
    command += [
        text
        for name in ("lines", "contracts", "codes", "slowest", "threads")
        for text in (f"--{name}", str(getattr(given, name)))
    ]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "OWED_MEMORY_LIMIT": given.memory,
    }
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=3_000_000, metavar="N")
    parser.add_argument("--contracts", type=int, default=50, metavar="N")
    parser.add_argument("--codes", type=int, default=10_000, metavar="N", help="rows of each schedule")
    parser.add_argument("--threads", type=int, default=2, metavar="N")
    parser.add_argument("--memory", default="4GB", help="what DuckDB may use")
    parser.add_argument("--slowest", type=int, default=0, metavar="N", help="tell the slowest models")
    parser.add_argument("--measure", choices=("prepare", "models", "polars"), help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    given = _parse()
    if given.measure:
        measure(given)
        return
    lines = given.lines // 4 * 4
    print(
        f"{lines:,} lines, {given.contracts} contracts, schedules of {given.codes:,} rows, {given.threads} threads\n"
        f"{'':<34}{'seconds':>9}{'of work':>9}{'lines/s':>12}{'peak MB':>9}"
    )
    with tempfile.TemporaryDirectory() as scratch:
        for book, ways in (("full", ("models",)), ("simple", ("models", "polars"))):
            home = Path(scratch) / book
            home.mkdir()
            _run(home, "prepare", given)
            for how in ways:
                measured = _run(home, how, given)
                rate = lines / measured["worked"]
                title = f"{book} book, {'owed' if how == 'models' else how}"
                print(f"{title:<34}{measured['seconds']:>9.1f}{measured['worked']:>9.1f}", end="")
                print(f"{rate:>12,.0f}{measured['peak']:>9.0f}", flush=True)
            if "polars" in ways:
                print(f"lines that differ by a cent or more: {differences(home)}")


if __name__ == "__main__":
    main()
