"""Quarantine entries: one JSON a refused file or record. The only place where raw text is kept."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from loaders.source import Finding


def write(folder: Path, run_id: str, name: str, file_id: str | None, finding: Finding, number: int) -> None:
    """Write one entry, whole or not at all. `number` tells the findings of one file apart."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    entry = {
        "file": name,
        "file_id": file_id,
        "rule": finding.rule,
        "reason": finding.message,
        "position": finding.position,
        "transaction_number": finding.transaction_number,
        "segment_number": finding.segment_number,
        "raw_text": finding.raw_text,
        "run_id": run_id,
    }
    # One content may be refused under several names, and what could not be read has no identity.
    named = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    place = finding.segment_number or finding.position or 0
    stem = f"{(file_id or 'unread')[:16]}-{named}-{place}-{finding.rule}-{number}"
    temporary = folder / f".{stem}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(entry, stream, ensure_ascii=False, indent=1)
    temporary.rename(folder / f"{stem}.json")
