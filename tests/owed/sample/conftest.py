"""One small sample, written once for all its tests."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from owed.sample import SampleSummary, generate


@dataclass
class Sample:
    folder: Path
    summary: SampleSummary

    def truth(self, table: str) -> list[dict[str, str]]:
        with (self.folder / "truth" / f"{table}.csv").open(encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    def inbox_files(self) -> list[Path]:
        return [path for path in (self.folder / "inbox").rglob("*") if path.is_file()]

    def remittance_files(self) -> list[Path]:
        return sorted((self.folder / "inbox" / "remittances").iterdir())

    def claim_files(self) -> list[Path]:
        return sorted((self.folder / "inbox" / "claims").iterdir())


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    return Sample(folder, generate(folder, claims=2_500, seed=7))
