"""A dispatched macro while sqlfluff reads a model: a call of the macro's name, so that the SQL parses."""

from collections.abc import Callable


def dispatch(name: str, *_: object) -> Callable[..., str]:
    def call(*arguments: object, **named: object) -> str:
        return f"{name}({', '.join(str(value) for value in (*arguments, *named.values()))})"

    return call
