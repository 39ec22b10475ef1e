"""What is wrong with a contract, in sentences: file, line, key, what was found, what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from loaders.contracts.model import BLOCK, RESERVED_TERM_IDS, WORD, Contract
from loaders.contracts.strict import keys_of
from loaders.contracts.yaml_tree import KIND, Path, YamlTree
from loaders.source import Refusal


@dataclass(frozen=True)
class Fault:
    path: Path
    message: str


def refusal(file_name: str, tree: YamlTree, faults: Sequence[Fault]) -> Refusal:
    """All faults of a file in the order of its lines, one a line; the position is the first one's."""
    placed = sorted(((tree.line(fault.path), fault) for fault in dict.fromkeys(faults)), key=lambda placed: placed[0])
    sentences = [f"{file_name}, line {line}, {_shown(fault.path)}: {fault.message}." for line, fault in placed]
    return Refusal("contract_invalid", "\n".join(sentences), kind=KIND, position=placed[0][0])


def faults_of(error: ValidationError) -> list[Fault]:
    """Pydantic's errors as faults; unknown keys come with what is allowed there and the likely meaning."""
    faults = []
    for item in error.errors(include_url=False, include_context=False):
        path = tuple(part for part in item["loc"] if part not in (WORD, BLOCK, "[key]"))
        if item["type"] == "extra_forbidden":
            message = _unknown_key(path)
        elif item["type"] == "missing":
            message = f"`{path[-1]}` is missing"
        elif item["type"] == "too_long":
            message = "found more than four; a service line has at most four modifiers"
        else:
            message = item["msg"]
        faults.append(Fault(path, message))
    return faults


def term_id_faults(contract: Contract) -> Iterator[Fault]:
    """Ids name the clause in every figure, so each is used once, and the ones figures use themselves not at all."""
    first: dict[str, int] = {}
    for at, term in enumerate(contract.terms):
        path: Path = ("terms", at, "id")
        if term.id in RESERVED_TERM_IDS:
            yield Fault(path, f"found '{term.id}', which reports use themselves; allowed is any id but {_ids()}")
        elif term.id in first:
            yield Fault(
                path, f"found '{term.id}', which is already the id of term {first[term.id] + 1}; ids are unique"
            )
        first.setdefault(term.id, at)


def _ids() -> str:
    return ", ".join(RESERVED_TERM_IDS)


def _unknown_key(path: Path) -> str:
    key = str(path[-1])
    allowed = keys_of(_block_at(path[:-1]))
    likely = difflib.get_close_matches(key, allowed, n=1)
    meant = f" (did you mean `{likely[0]}`?)" if likely else ""
    return f"`{key}` is not a key of a contract here{meant}; allowed are {', '.join(allowed)}"


def _block_at(path: Path) -> type[BaseModel]:
    block: type[BaseModel] = Contract
    for part in path:
        if isinstance(part, str):
            field = next(field for name, field in block.model_fields.items() if part in (name, field.alias))
            block = _blocks_in(field.annotation)[0]
    return block


def _blocks_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [block for argument in get_args(annotation) for block in _blocks_in(argument)]


def _shown(path: Path) -> str:
    """`terms[2].match.drg`: list positions from 1, as people count terms."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the contract"
