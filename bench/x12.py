"""How fast X12 gets from a file into committed, typed tables, beside other readers on the same bytes.

    python bench/x12.py [--size MB] [--files COUNT] [--peers PYTHON | --install-peers]

One table: a large 835 and a large 837P, then files that are many or in many pieces. Every measurement is a process of
its own, so that peak memory is its own too. The peers are oxedi, openx12 and pyx12, in an environment of their own:
`--install-peers` makes one for the run, `--peers` names the interpreter of one that is there; what is not there is left
out. The floor is polars splitting the same bytes at every separator and keeping nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MEBIBYTE = 1 << 20
PEERS = ("oxedi", "openx12", "pyx12", "duckdb", "pyarrow")


def owed(path: Path, _kind: str, scratch: Path) -> None:
    """From the file to the commit of all typed tables."""
    from loaders import landing_tables
    from loaders.source import SourceFile
    from loaders.x12 import load, tables

    with landing_tables.connect(scratch / "owed.duckdb", scratch / "spill") as con:
        landing_tables.create_tables(con)
        tables.create_tables(con)
        con.execute("BEGIN")
        load.load(con, SourceFile(1, "", path.name, path.stat().st_size, lambda: path.open("rb")))
        con.execute("COMMIT")


def owed_landing(path: Path, _kind: str, scratch: Path) -> None:
    """All that a refresh does: identity, tables, expectations on every record, counts, commit."""
    from loaders import landing_tables
    from loaders.landing import Landing

    with landing_tables.connect(scratch / "owed.duckdb", scratch / "spill") as con:
        landing = Landing(con, scratch / "quarantine", "bench")
        landing.prepare()
        outcomes = list(landing.land([path]))
    assert outcomes
    assert all(outcome.status == "loaded" for outcome in outcomes), outcomes[0]


def install_peers(folder: Path) -> str:
    """An environment with the peers and what they write to; gives its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return python


def oxedi(path: Path, _kind: str, scratch: Path) -> None:
    import duckdb
    import oxedi as reader  # type: ignore[import-not-found]
    import pyarrow as pa

    found = reader.parse_file(path).tables
    with duckdb.connect(str(scratch / "oxedi.duckdb")) as con:
        con.execute("BEGIN")
        for name in found:
            con.register("rows_", pa.table(found[name]))
            con.execute(f"CREATE TABLE {name} AS FROM rows_")
        con.execute("COMMIT")


def openx12(path: Path, kind: str, _scratch: Path) -> None:
    import openx12 as reader  # type: ignore[import-not-found]

    (reader.x835 if kind == "835" else reader.x837p).parse(path.read_text())


def pyx12_raw(path: Path, _kind: str, _scratch: Path) -> None:
    from pyx12.x12file import X12Reader  # type: ignore[import-not-found]

    with path.open() as stream:
        for _ in X12Reader(stream):
            pass


def pyx12_loops(path: Path, _kind: str, _scratch: Path) -> None:
    from pyx12.error_handler import errh_null  # type: ignore[import-not-found]
    from pyx12.params import params  # type: ignore[import-not-found]
    from pyx12.x12context import X12ContextReader  # type: ignore[import-not-found]

    with path.open() as stream:
        for _ in X12ContextReader(params(), errh_null(), stream).iter_segments():
            pass


def polars_split(path: Path, _kind: str, _scratch: Path) -> None:
    import polars as pl

    rest = ""
    with path.open() as stream:
        while block := stream.read(16 * MEBIBYTE):
            whole, _, rest = (rest + block).rpartition("~")
            segments = pl.Series([whole]).str.split("~").explode(empty_as_null=True, keep_nulls=True)
            segments.str.split("*").list.len().sum()


# What each reads, and the most MB it is given: the slow ones only show a rate.
READERS: dict[str, tuple[Callable[[Path, str, Path], None], str, int]] = {
    "owed, to committed tables": (owed, "835 837", 1 << 20),
    "owed, landed and checked": (owed_landing, "835 837", 1 << 20),
    "oxedi, to committed tables": (oxedi, "835", 1 << 20),
    "openx12, to Python objects": (openx12, "835 837", 16),
    "pyx12, segments alone": (pyx12_raw, "835 837", 16),
    "pyx12, with loops": (pyx12_loops, "835 837", 1),
    "floor: polars splits, keeps nothing": (polars_split, "835 837", 1 << 20),
}


def measure(name: str, path: Path, kind: str) -> None:
    """In a process of its own: prints seconds and peak memory as JSON."""
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        began = time.perf_counter()
        READERS[name][0](path, kind, Path(scratch))
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak}))


def _run(python: str, name: str, path: Path, kind: str) -> dict[str, float] | None:
    command = [python, str(Path(__file__)), "--measure", name, "--file", str(path), "--kind", kind]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _print(name: str, what: str, size: int, measured: dict[str, float] | None, count: str = "") -> None:
    if measured is None:
        print(f"{name:<36}{what:<26}  not installed", flush=True)
        return
    seconds, peak = measured["seconds"], measured["peak"]
    print(
        f"{name:<36}{what:<26}{size / 1e6:>7.0f}{seconds:>9.1f}{size / 1e6 / seconds:>8.1f}{peak:>9.0f}  {count}",
        flush=True,
    )


def _large(folder: Path, kind: str, size: int, peers: str) -> None:
    from bench import x12_files

    for name, (_, kinds, most) in READERS.items():
        if kind not in kinds:
            continue
        megabytes = min(size, most)
        path = folder / f"{megabytes}.{kind}"
        if not path.exists():
            x12_files.write(kind, path, megabytes * 10**6)
        measured = _run(sys.executable if name.startswith(("owed", "floor")) else peers, name, path, kind)
        _print(name, f"one {kind}", path.stat().st_size, measured)


def _many(folder: Path, count: int) -> None:
    """Small files, and one file of as many transactions, of a tenth as many interchanges, or of these in turn with
    other delimiters."""
    from bench import x12_files

    rng = random.Random(3)
    x12_files.write_many(folder / "many", count)
    small = [x12_files.transaction("835", rng, number * 10 + 1, 2) for number in range(count)]
    one_by_one = [x12_files.interchange("835", [transaction]) for transaction in small[: count // 10]]
    other = str.maketrans("*:~", "|>!")
    texts = {
        f"{count} transactions": x12_files.interchange("835", small),
        f"{count // 10} interchanges": "".join(one_by_one),
        f"{count // 10} interchanges, 2 kinds": "".join(
            text.translate(other) if number % 2 else text for number, text in enumerate(one_by_one)
        ),
    }
    inputs = {f"{count} files": folder / "many"}
    for what, text in texts.items():
        inputs[what] = folder / f"{what}.835"
        inputs[what].write_text(text, encoding="ascii")
    for what, path in inputs.items():
        size = sum(file.stat().st_size for file in path.rglob("*")) if path.is_dir() else path.stat().st_size
        measured = _run(sys.executable, "owed, landed and checked", path, "")
        assert measured is not None
        pieces, _, unit = what.partition(" ")
        _print(
            "owed, landed and checked",
            what,
            size,
            measured,
            f"{int(pieces) / measured['seconds']:.0f} {unit.partition(',')[0]}/s",
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=200, metavar="MB", help="of each large file")
    parser.add_argument("--files", type=int, default=2_000, metavar="COUNT", help="of small files; 0: none")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--install-peers", action="store_true")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--kind", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.measure, given.file, given.kind)
        return
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        peers = install_peers(folder / "peers") if given.install_peers else given.peers
        print(f"{'':<36}{'':<26}{'MB':>7}{'seconds':>9}{'MB/s':>8}{'peak MB':>9}")
        for kind in ("835", "837"):
            _large(folder, kind, given.size, peers)
        if given.files:
            _many(folder, given.files)


if __name__ == "__main__":
    main()
