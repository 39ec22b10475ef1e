"""A JSON object too large for memory, member by member: arrays that are asked for come an element at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from loaders.rates.price_transparency.text import KIND
from loaders.source import Refusal

LARGEST_ELEMENT = 32 << 20
_BLANKS = " \t\n\r"
# Numbers stay the text they were written as: no binary float ever holds an amount.
_DECODER = json.JSONDecoder(strict=False, parse_float=str, parse_int=str, parse_constant=lambda _: None)


class JsonStream:
    """The root object of a text. `streamed` names the members whose arrays are given an element at a time."""

    def __init__(self, blocks: Iterator[str], streamed: Collection[str]) -> None:
        self._blocks = blocks
        self._streamed = streamed
        self._buffer = ""
        self._at = 0
        self._passed = 0
        self._is_ended = False

    def members(self) -> Iterator[tuple[str, int | None, Any]]:
        """Each member as (name, None, value); of a streamed array each element as (name, its number from 1, value)."""
        self._expect("{", "the file is no JSON object")
        if self._peek() == "}":
            return
        while True:
            name = self._value()
            if not isinstance(name, str):
                raise self._broken("a member's name is no text")
            self._expect(":", "a colon is missing after a member's name")
            if name in self._streamed and self._peek() == "[":
                yield from ((name, number, element) for number, element in enumerate(self._elements(), 1))
            else:
                yield name, None, self._value()
            if self._after() == "}":
                return

    def _elements(self) -> Iterator[Any]:
        self._expect("[", "an array is missing")
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            if self._after() == "]":
                return

    def _after(self) -> str:
        """The comma, or the bracket that ends what is open."""
        mark = self._peek()
        if mark not in (",", "}", "]"):
            raise self._broken("a comma or a closing bracket is missing")
        self._at += 1
        return mark

    def _value(self) -> Any:
        """The next value whole. What ends with the buffer may go on in the next block."""
        self._peek()
        while True:
            problem = "a value is broken"
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                problem = f"a value is broken: {error.msg}"
            except RecursionError:
                raise self._broken("a value is nested too deep") from None
            else:
                if end < len(self._buffer) or self._is_ended:
                    self._at = end
                    return value
            held = len(self._buffer) - self._at
            if self._is_ended:
                raise self._broken(problem)
            if held > LARGEST_ELEMENT:
                raise self._broken(f"{problem}, or it has more than {LARGEST_ELEMENT:,} characters")
            # Twice as much each time, so that a large element is not parsed again for every block.
            self._fill(2 * held)

    def _peek(self) -> str:
        """The next character that is not blank, '' at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _BLANKS:
                    return self._buffer[self._at]
                self._at += 1
            if self._is_ended:
                return ""
            self._fill(1)

    def _expect(self, mark: str, otherwise: str) -> None:
        if self._peek() != mark:
            raise self._broken(otherwise)
        self._at += 1

    def _fill(self, wanted: int) -> None:
        """Lets go of what was read and adds blocks until `wanted` characters are there."""
        parts = [self._buffer[self._at :]]
        self._passed += self._at
        self._at = 0
        size = len(parts[0])
        while size < wanted:
            block = next(self._blocks, None)
            if block is None:
                self._is_ended = True
                break
            parts.append(block)
            size += len(block)
        self._buffer = "".join(parts)

    def _broken(self, problem: str) -> Refusal:
        position = self._passed + self._at + 1
        return Refusal("mrf_json", f"Character {position:,}: {problem}.", kind=KIND, position=position)
