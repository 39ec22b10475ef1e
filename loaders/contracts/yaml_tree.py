"""YAML as its author typed it: every scalar as text, every value with its line.

YAML's own typing would turn a revenue code 0274 into 188 or 274, a modifier NO into false and 45.10 into a binary
float. So nothing is typed here; the contract's model reads each text by what its key means. What a contract never
needs and hostile files live on (aliases, tags, deep nesting, huge files) is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from loaders.source import Refusal

KIND = "contract"
LARGEST_BYTES = 1024 * 1024
DEEPEST_NESTING = 12
NULLS = frozenset({"", "~", "null", "Null", "NULL"})

Value = str | None | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]


@dataclass
class YamlTree:
    """`value`: mappings, lists, text and None (an unquoted null or nothing). `lines`: where each path starts."""

    value: dict[str, Value]
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest part of it that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(data: bytes) -> YamlTree:
    """Reads one document whose top is a mapping. Raises `Refusal` with the line of what is wrong."""
    if len(data) > LARGEST_BYTES:
        raise Refusal(
            "yaml_too_large", f"A contract has at most {LARGEST_BYTES:,} bytes; this has {len(data):,}.", kind=KIND
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused("yaml_not_utf8", "the text is not UTF-8. Save the file as UTF-8", line) from error
    try:
        return _Builder().build(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        hint = " (indent with spaces, never with tabs)" if "\\t" in str(error.problem) else ""
        raise _refused("yaml_unreadable", f"this is not YAML: {error.problem or error.context}{hint}", line) from error
    except YAMLError as error:
        reason = str(error).splitlines()[0]
        raise Refusal("yaml_unreadable", f"This is not YAML: {reason}.", kind=KIND) from error


def _refused(rule: str, reason: str, line: int) -> Refusal:
    return Refusal(rule, f"Line {line}: {reason}.", kind=KIND, position=line)


class _Builder:
    """Builds the tree from the parser's events, one after the other, so that nesting costs no recursion."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.open: list[tuple[Path, dict[str, Value] | list[Value]]] = []
        self.key: list[str | None] = []
        self.root: Value = None
        self.documents = 0

    def build(self, text: str) -> YamlTree:
        for event in YAML(typ="safe", pure=True).parse(text):
            line = event.start_mark.line + 1
            if isinstance(event, DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    raise _refused("yaml_several_documents", "a second document starts here. One contract a file", line)
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                self.open.pop()
                self.key.pop()
            elif isinstance(event, NodeEvent):
                self._node(event, line)
        if not isinstance(self.root, dict):
            raise _refused("yaml_not_a_mapping", "a contract is a list of keys and values, as `contract: my-id`", 1)
        return YamlTree(self.root, self.lines)

    def _node(self, event: NodeEvent, line: int) -> None:
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise _refused("yaml_alias", "anchors and aliases (& and *) are not allowed. Write the value out", line)
        if getattr(event, "tag", None) is not None:
            raise _refused("yaml_tag", "type tags (!) are not allowed. Write the plain value", line)
        if isinstance(event, ScalarEvent):
            is_null = event.style is None and event.value in NULLS
            if self._expects_key():
                self._set_key(event.value, line)
            else:
                self._add(None if is_null else event.value, line)
            return
        if self._expects_key():
            raise _refused("yaml_key", "a key is a single word or code, not a list or a mapping", line)
        if len(self.open) >= DEEPEST_NESTING:
            raise _refused(
                "yaml_too_deep", f"nothing in a contract is nested deeper than {DEEPEST_NESTING} levels", line
            )
        container: dict[str, Value] | list[Value] = {} if isinstance(event, MappingStartEvent) else []
        assert isinstance(event, (MappingStartEvent, SequenceStartEvent))
        path = self._add(container, line)
        self.open.append((path, container))
        self.key.append(None)

    def _expects_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][1], dict) and self.key[-1] is None

    def _set_key(self, key: str, line: int) -> None:
        path, container = self.open[-1]
        if key in container:
            first = self.lines[(*path, key)]
            raise _refused("yaml_key_twice", f"`{key}` is said twice, first on line {first}. Remove one", line)
        self.lines[(*path, key)] = line
        self.key[-1] = key

    def _add(self, value: Value, line: int) -> Path:
        if not self.open:
            self.root = value
            return ()
        path, container = self.open[-1]
        if isinstance(container, list):
            container.append(value)
            path = (*path, len(container) - 1)
            self.lines[path] = line
            return path
        key = self.key[-1]
        assert key is not None
        container[key] = value
        self.key[-1] = None
        return (*path, key)
