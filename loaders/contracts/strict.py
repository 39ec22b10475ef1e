"""What all of a contract's blocks have in common: known keys alone, and a key without a value is a key left out."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from loaders.contracts.fields import wrong

Item = TypeVar("Item")


class Strict(BaseModel):
    """Base of every block. `nullable` names the keys whose written null means something.

    A null under an unknown key stays, to be refused: `{threshold: 200,000}` has the key `000`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    nullable: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _leave_out_blank_keys(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise wrong(
                value if value is not None else "nothing", f"allowed is a block of keys: {', '.join(keys_of(cls))}"
            )
        optional = frozenset(keys_of(cls)) - cls.nullable
        return {key: item for key, item in value.items() if item is not None or key not in optional}


def keys_of(block: type[BaseModel]) -> tuple[str, ...]:
    """The keys of a block as an author writes them."""
    return tuple(field.alias or name for name, field in block.model_fields.items())


def _as_list(value: object) -> object:
    """One value stands for a list of one; a block of keys does not."""
    if isinstance(value, dict):
        raise wrong(value, "allowed is a list, as [a, b]")
    return value if isinstance(value, list) else [value]


def _as_full_list(value: object) -> object:
    if value == []:
        raise PydanticCustomError("empty_list", "the list is empty; name at least one, or leave the key out")
    return _as_list(value)


OneOrMore = Annotated[tuple[Item, ...], BeforeValidator(_as_full_list)]
AnyNumber = Annotated[tuple[Item, ...], BeforeValidator(_as_list)]
