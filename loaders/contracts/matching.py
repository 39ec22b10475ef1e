"""What a term is matched by: codes and inclusive ranges of one length, compared as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from loaders.contracts import fields
from loaders.contracts.fields import Money, Rate, wrong
from loaders.contracts.strict import OneOrMore, Strict

CODE_KEYS = ("procedure", "revenue_code", "modifier", "place_of_service", "bill_type", "drg", "diagnosis")


class CodeRange(NamedTuple):
    """A single code has low = high."""

    low: str
    high: str


def _range_of(read: Callable[[object], str]) -> Callable[[object], CodeRange]:
    def read_range(value: object) -> CodeRange:
        if not isinstance(value, str) or "-" not in value:
            single = read(value)
            return CodeRange(single, single)
        low_text, _, high_text = value.partition("-")
        low, high = read(low_text), read(high_text)
        if len(low) != len(high):
            raise wrong(value, "both ends of a range have the same number of characters")
        if low > high:
            raise wrong(value, f"a range goes up, and {low} comes after {high}")
        return CodeRange(low, high)

    return read_range


_SCHEMA = WithJsonSchema({"type": ["string", "integer"], "description": "a code, or a range low-high"})
ProcedureRange = Annotated[CodeRange, PlainValidator(_range_of(fields.read_procedure)), _SCHEMA]
RevenueRange = Annotated[CodeRange, PlainValidator(_range_of(fields.read_revenue)), _SCHEMA]
ModifierRange = Annotated[CodeRange, PlainValidator(_range_of(fields.read_modifier)), _SCHEMA]
PlaceRange = Annotated[CodeRange, PlainValidator(_range_of(fields.read_place)), _SCHEMA]
BillTypeRange = Annotated[CodeRange, PlainValidator(_range_of(fields.read_bill_type)), _SCHEMA]
DrgRange = Annotated[CodeRange, PlainValidator(_range_of(fields.read_drg)), _SCHEMA]
DiagnosisRange = Annotated[CodeRange, PlainValidator(_range_of(fields.read_diagnosis)), _SCHEMA]


class CodeMatch(Strict):
    """All keys present must match; within a key one of the values. No key: everything matches."""

    procedure: OneOrMore[ProcedureRange] = ()
    revenue_code: OneOrMore[RevenueRange] = ()
    modifier: OneOrMore[ModifierRange] = ()
    place_of_service: OneOrMore[PlaceRange] = ()
    bill_type: OneOrMore[BillTypeRange] = ()
    drg: OneOrMore[DrgRange] = ()
    diagnosis: OneOrMore[DiagnosisRange] = ()

    def ranges(self) -> Iterator[tuple[str, CodeRange]]:
        """Each key with each of its ranges, once."""
        for key in CODE_KEYS:
            for code_range in dict.fromkeys(getattr(self, key)):
                yield key, code_range


class Match(CodeMatch):
    minimum_charge: Money | None = None
    maximum_charge: Money | None = None
    minimum_units: Rate | None = None

    @model_validator(mode="after")
    def _charges_in_order(self) -> Match:
        if (self.minimum_charge or 0) > (self.maximum_charge if self.maximum_charge is not None else Decimal("inf")):
            raise PydanticCustomError(
                "reversed", "minimum_charge is above maximum_charge, so that no line can match; exchange them"
            )
        return self
