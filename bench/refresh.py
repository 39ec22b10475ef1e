"""How long a refresh takes: a cold build of many claims, then days that bring a hundredth more.

    python bench/refresh.py [--claims N ...] [--same-provider] [--days N] [--day-length N] [--keep FOLDER]

The files are a generated sample's: 837 and 835 by day, account transactions cut at the same days. Each refresh is a
process of its own; memory is its peak resident set. Beside each stands how many claims of 837 and 835 it landed, and
their share of all so far: days are whole, so an arrival is about a hundredth, not quite. More claims are a larger
provider's year, or with `--same-provider` a longer history of the provider that has the fewest: then each arrival is
the same however long the history. The goals are for a million claims on two cores: cold under 6 minutes and 6 GB, a day
under 45 seconds that does not grow with history (the last lines say by how much it does). What each stage took is in
the run ledger.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from owed.sample.calendar import add_months
from owed.sample.generator import START

ROOT = Path(__file__).resolve().parents[1]
OWED = Path(sys.executable).with_name("owed")
DATED = 10  # a file's name begins with its date


@dataclass(frozen=True)
class Measured:
    seconds: float
    megabytes: float
    landed: int
    stages: str


def arrivals(sample: Path, folder: Path, days: int, length: int) -> list[Path]:
    """Cuts a sample's inbox in time into folders of the same shape: all but the last days, then each arrival."""
    dates = sorted({path.name[:DATED] for path in (sample / "claims").rglob("*.837")})
    starts = [dates[-length * (days - number)] for number in range(days)]
    parts = [folder / str(number) for number in range(days + 1)]
    for path in sorted(sample.rglob("*")):
        if path.is_dir():
            continue
        place = path.relative_to(sample)
        if path.name == "account_transactions.csv":
            _cut_transactions(path, [part / place for part in parts], starts)
            continue
        date = path.name[:DATED] if place.parts[0] in ("claims", "remittances") else ""
        target = parts[sum(start <= date for start in starts)] / place
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    return parts


def _cut_transactions(path: Path, targets: list[Path], starts: list[str]) -> None:
    with path.open(encoding="utf-8", newline="") as source:
        header, *rows = csv.reader(source)
    posted = header.index("posted_date")
    for number, target in enumerate(targets):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.with_name(f"transactions-{number}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(header)
            writer.writerows(row for row in rows if sum(start <= row[posted] for start in starts) == number)


def refresh(home: Path) -> Measured:
    """A refresh in a process of its own; raises if it does not publish."""
    began = time.monotonic()
    # Waited for with its own usage: `resource` would tell the largest of all children.
    process = subprocess.Popen([OWED, "refresh", "--home", home], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    told = process.stderr.read().decode() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(told)
    from owed import ledger
    from owed.home import Home

    run = ledger.history(Home(home), 1)[0]
    slow = ", ".join(f"{stage.name} {stage.seconds:.0f}" for stage in run.stages if (stage.seconds or 0) >= 1)
    return Measured(seconds, usage.ru_maxrss / 1024, run.claims_landed, slow)


def measure(claims: int, months: int, days: int, length: int, folder: Path) -> list[float]:
    """Prints a row for the cold build and one for each day; returns the seconds of the days."""
    generate = [sys.executable, "-m", "owed.sample", str(folder / "sample"), "--claims", str(claims)]
    # A longer history ends on the day on which one of 12 months does.
    spread = ["--months", str(months), "--start", add_months(START, 12 - months).isoformat()]
    subprocess.run([*generate, *spread], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    parts = arrivals(folder / "sample" / "inbox", folder / "parts", days, length)
    home = folder / "home"
    landed = 0
    seconds = []
    for number, part in enumerate(parts):
        shutil.copytree(part, home / "inbox", dirs_exist_ok=True)
        shutil.rmtree(part)
        size = sum(path.stat().st_size for path in (home / "inbox").rglob("*") if path.is_file())
        taken = refresh(home)
        disk = sum(path.stat().st_size for path in (home / "warehouse.duckdb", *home.glob("published/*.duckdb")))
        what = f"day {number}" if number else "cold"
        landed += taken.landed
        seconds.append(taken.seconds)
        print(
            f"{claims:>9,}  {what:<6} {taken.seconds:>7.1f} s {taken.megabytes:>7.0f} MB   "
            f"{taken.landed:>9,} claims landed ({taken.landed / max(landed, 1):.1%})   "
            f"{size / 1e6:>6.0f} MB in, {disk / 1e6:>6.0f} MB on disk   {taken.stages}",
            flush=True,
        )
    return seconds[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="+", default=[250_000, 1_000_000])
    parser.add_argument(
        "--same-provider", action="store_true", help="more claims are a longer history, not a larger provider"
    )
    parser.add_argument("--days", type=int, default=2, help="how many arrivals after the cold build")
    parser.add_argument("--day-length", type=int, default=3, help="days of files in each: three are about 1%%")
    parser.add_argument("--keep", type=Path, help="leave the homes in this folder")
    given = parser.parse_args()
    days = {}
    for claims in given.claims:
        with tempfile.TemporaryDirectory(prefix="owed-bench-") as scratch:
            folder = given.keep / str(claims) if given.keep else Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            months = 12 * claims // min(given.claims) if given.same_provider else 12
            days[claims] = measure(claims, months, given.days, given.day_length, folder)
    if given.days:
        first, *others = given.claims
        for claims in others:
            times = statistics.median(days[claims]) / statistics.median(days[first])
            print(f"a day at {claims:,} claims takes {times:.2f} times that at {first:,}")


if __name__ == "__main__":
    main()
