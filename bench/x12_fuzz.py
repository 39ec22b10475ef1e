"""Fuzzing of the X12 reader, guided by coverage: mutated files until the time is up.

    python bench/x12_fuzz.py [--seconds N] [--seed N] [--crashers FOLDER] [FILE...]

Every input must be read or refused with a rule, a reason and a place, and never anything else. What is read must come
back from the tables as a plain reading of the file has it, and give the same rows when it is read in small chunks.
An input that reaches a line of the reader, a refusal or a finding not met before is kept and mutated further. Inputs
that fail are written to `--crashers`; their names say what went wrong. FILEs are added to the corpus.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import random
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402

from bench import x12_files  # noqa: E402
from loaders.source import LoadResult, Refusal, SourceFile  # noqa: E402
from loaders.x12 import load, stream, tables  # noqa: E402
from loaders.x12.doubts import Doubts  # noqa: E402
from loaders.x12.envelope import Envelope  # noqa: E402
from loaders.x12.outline import transactions  # noqa: E402
from loaders.x12.segments import SEGMENTS  # noqa: E402
from loaders.x12.writeback import written_back  # noqa: E402

READER = str(ROOT / "loaders" / "x12")
BATCH = 48
LONGEST = 12_000
# One round of so many also reads its inputs in small chunks: that takes by far the longest.
CHUNKED_ROUNDS = 5
# One input of so many that reach nothing new is landed all the same.
LANDED = 6
HOSTILE = [
    b"~", b"*", b":", b"^", b"|", b"\n", b"\r\n", b"\0", b"\t", b"\x1a", b"\x1c", b"\xef\xbb\xbf", b"\xe9", b"\xc2",
    b"ISA", b"ISA*", b"isa*", b"IEA*1*1~", b"GE*1*1~", b"SE*1*1~", b"ST*835*1~", b"ST*837*1~", b"ST*999*1~", b"LX*1~",
    b"-0", b"1E400", b"-.5", b"99999999999999999999", b"00000000", b"99991231", b"19000101", b"NaN", b"Infinity",
]  # fmt: skip
Feature = tuple[str, int]


def mutated(rng: random.Random, corpus: Sequence[bytes]) -> bytes:
    """A member of the corpus with one to five changes to bytes, elements, segments or interchanges."""
    data = rng.choice(corpus)
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        data = rng.choice(_CHANGES)(rng, data, corpus)
    return data[:LONGEST]


def _cut(rng: random.Random, data: bytes, _corpus: Sequence[bytes]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _insert(rng: random.Random, data: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    name = rng.choice(list(SEGMENTS)).encode()
    return data[:at] + rng.choice([*HOSTILE, name, b"~" + name + b"*", rng.randbytes(3)]) + data[at:]


def _overwrite(rng: random.Random, data: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    what = rng.choice([*HOSTILE, rng.randbytes(1)])
    return data[:at] + what + data[at + len(what) :]


def _delete(rng: random.Random, data: bytes, _corpus: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.choice((1, 2, 4, 30, 200)) :]


def _move_segments(rng: random.Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    pieces, others = data.split(b"~"), rng.choice(corpus).split(b"~")
    first, at = rng.randrange(len(others)), rng.randrange(len(pieces) + 1)
    return b"~".join(pieces[:at] + others[first : first + rng.choice((1, 2, 5))] + pieces[at:])


def _change_element(rng: random.Random, data: bytes, _corpus: Sequence[bytes]) -> bytes:
    pieces = data.split(b"*")
    pieces[rng.randrange(len(pieces))] = rng.choice([*HOSTILE, b"", b"A" * rng.choice((12, 13, 400)), b"a:b:c::"])
    return b"*".join(pieces)


def _change_delimiters(rng: random.Random, data: bytes, _corpus: Sequence[bytes]) -> bytes:
    table = bytearray(range(256))
    for old in b"*:~":
        table[old] = rng.choice(b"*:~|>\n\r\t\0\x1d\x1f'!qz \xa7\x1a")
    return data.translate(bytes(table))


def _append(rng: random.Random, data: bytes, corpus: Sequence[bytes]) -> bytes:
    return data + rng.choice([b"", b"\n", b"\x1a", b"\xef\xbb\xbf", b" \0"]) + rng.choice(corpus)


_CHANGES = (_cut, _insert, _overwrite, _delete, _move_segments, _change_element, _change_delimiters, _append)


@dataclass
class Fuzzer:
    """The corpus, what it reaches, and a database whose tables stay empty."""

    rng: random.Random
    crashers: Path
    corpus: list[bytes]
    con: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    reached: set[Feature] = field(default_factory=set)
    outcomes: dict[str, int] = field(default_factory=dict)
    inputs: int = 0
    failures: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.con.execute("CREATE SCHEMA raw")
        tables.create_tables(self.con)

    def run(self, seconds: float) -> None:
        """Fuzz for so long, telling how it goes."""
        end = time.monotonic() + seconds
        told = 0.0
        while time.monotonic() < end:
            self.rounds(1)
            if time.monotonic() - told > 30:
                told = time.monotonic()
                print(self.summary(), flush=True)

    def rounds(self, count: int) -> None:
        """So many rounds of inputs."""
        for _ in range(count):
            self._round([mutated(self.rng, self.corpus) for _ in range(BATCH)])

    def summary(self) -> str:
        return (
            f"{self.inputs} inputs, {len(self.corpus)} kept, {len(self.reached)} lines and outcomes reached, "
            f"{len(self.failures)} failures; {dict(sorted(self.outcomes.items()))}"
        )

    def _round(self, inputs: list[bytes]) -> None:
        """Each input alone for its coverage; then those that are new, and some others, together for what comes back."""
        landed = [data for data in inputs if self._is_new(data) or not self.rng.randrange(LANDED)]
        try:
            self._land(landed)
        except Exception:  # noqa: BLE001  which one it was is found out alone
            for data in landed:
                try:
                    self._land([data])
                except Exception as error:  # noqa: BLE001
                    self._fail(data, error)

    def _is_new(self, data: bytes) -> bool:
        """Whether reading it reaches anything new; it is then kept."""
        self.inputs += 1
        features: set[Feature] = set()
        sys.settrace(partial(_trace, features))
        try:
            name = self._read(data)
        except Exception as error:  # noqa: BLE001  any is what is looked for
            name = ""
            self._fail(data, error)
        finally:
            sys.settrace(None)
        self.outcomes[name] = self.outcomes.get(name, 0) + 1
        features.add((name, 0))
        if features <= self.reached:
            return False
        self.reached |= features
        self.corpus.append(data)
        return True

    def _read(self, data: bytes) -> str:
        """To arrays and no further."""
        envelope, doubts = Envelope(), Doubts()
        try:
            for _, rows in load._read_chunks(stream.chunks(io.BytesIO(data)), 1, envelope, doubts):
                for _, batch in rows:
                    batch.validate(full=True)
            envelope.require_whole(len(data))
        except Refusal as refusal:
            assert refusal.reason, "a refusal says why"
            assert refusal.position is not None, "a refusal says where"
            return refusal.rule
        return "read, " + ", ".join(sorted({finding.rule for finding in doubts.findings(1)}))

    def _land(self, inputs: Sequence[bytes]) -> None:
        self.con.execute("BEGIN")
        try:
            sources = [
                SourceFile(number, "", str(number), len(data), partial(io.BytesIO, data))
                for number, data in enumerate(inputs, start=1)
            ]
            files = [load.BatchFile(source) for source in sources]
            load.insert(self.con, load.read_batch(files))
            expected: dict[tuple[int, int], list[str]] = {}
            for file, data in zip(files, inputs, strict=True):
                if isinstance(file.outcome, LoadResult):
                    expected |= _plain(file.source.file_number, data)
            assert self._back(1, len(inputs)) == expected, "what comes back is not what was read"
            if not self.rng.randrange(CHUNKED_ROUNDS):
                self._land_in_chunks(files, expected)
        finally:
            self.con.execute("ROLLBACK")

    def _land_in_chunks(self, files: Sequence[load.BatchFile], expected: dict[tuple[int, int], list[str]]) -> None:
        shift = len(files)
        default = stream.chunks.__defaults__
        stream.chunks.__defaults__ = (self.rng.choice((1, 1_000, 3_000)),)
        try:
            for file in files:
                if isinstance(file.outcome, LoadResult):
                    moved = SourceFile(file.source.file_number + shift, "", "", file.source.size, file.source.open)
                    result = load.load(self.con, moved)
                    assert result.findings == file.outcome.findings, "findings depend on the size of chunks"
        finally:
            stream.chunks.__defaults__ = default
        moved_back = {
            (number - shift, *rest): text for (number, *rest), text in self._back(shift + 1, 2 * shift).items()
        }
        assert moved_back == expected, "what comes back depends on the size of chunks"
        for table in ("cas", "nm1", "unmapped_segments", "transactions"):
            rows = f"SELECT * EXCLUDE (file_number), (file_number - 1) % {shift} FROM raw.x12_{table} WHERE file_number"
            different = self.con.execute(f"{rows} <= {shift} EXCEPT ALL {rows} > {shift}").fetchall()
            assert not different, f"rows of {table} depend on the size of chunks"

    def _back(self, low: int, high: int) -> dict[tuple[int, int], list[str]]:
        return {
            (file, number): [text for _, text in segments]
            for file, number, segments in written_back(self.con, (low, high))
        }

    def _fail(self, data: bytes, error: Exception) -> None:
        place = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__}-{Path(place.filename).stem}-{place.lineno}"
        if kind in self.failures and len(self.failures[kind]) <= len(data):
            return
        self.failures[kind] = data
        self.crashers.mkdir(parents=True, exist_ok=True)
        (self.crashers / f"{kind}-{hashlib.sha256(data).hexdigest()[:8]}").write_bytes(data)
        print(f"{kind}: {error}", flush=True)


def _plain(file_number: int, data: bytes) -> dict[tuple[int, int], list[str]]:
    found = transactions(io.BytesIO(data))
    return {(file_number, t.number): t.segments for t in found if t.transaction_type.upper() in ("835", "837")}


def _trace(features: set[Feature], frame: FrameType, event: str, _argument: Any) -> Any:
    if event == "call" and not frame.f_code.co_filename.startswith(READER):
        return None
    features.add((frame.f_code.co_filename, frame.f_lineno))
    return partial(_trace, features)


def seeds() -> Iterator[bytes]:
    """Small good files: an 835, an 837, both, and one segment of every kind in each."""
    rng = random.Random(1)
    for kind in ("835", "837"):
        yield x12_files.interchange(kind, [x12_files.transaction(kind, rng, 1, 2)]).encode()
        rich = x12_files.transaction(kind, rng, 1, 1)
        every = [
            f"{name}*1*20250101*A:B*4*5.50" for name in SEGMENTS if name not in ("ISA", "IEA", "GS", "GE", "ST", "SE")
        ]
        rich[-1:-1] = every
        yield x12_files.interchange(kind, [rich, rich]).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--crashers", type=Path, default=Path("crashers"))
    given = parser.parse_args()
    corpus = [*seeds(), *(path.read_bytes()[:LONGEST] for path in given.files)]
    fuzzer = Fuzzer(random.Random(given.seed), given.crashers, corpus)
    fuzzer.run(given.seconds)
    print(fuzzer.summary())
    sys.exit(1 if fuzzer.failures else 0)


if __name__ == "__main__":
    main()
