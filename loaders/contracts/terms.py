"""Terms: by which method the lines or claims a term matches are priced, and which keys each method takes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from loaders.contracts.fields import Flag, Positive, Rate, Text, choice, number
from loaders.contracts.matching import Match
from loaders.contracts.strict import OneOrMore, Strict

MEDICARE_SCHEDULE = re.compile(r"(mpfs|opps)-\d{4}(-qpp)?")
LOCALITY = re.compile(r"(\d{1,5})-(\d{1,2})")


class MethodKeys(NamedTuple):
    """`one_of`: exactly one of these. `scopes`: where the method makes sense."""

    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("line", "claim")

    @property
    def allowed(self) -> tuple[str, ...]:
        return self.required + self.one_of + self.optional


METHODS = {
    "fee_schedule": MethodKeys(required=("schedule",), optional=("percent",), scopes=("line",)),
    "percent_of_charge": MethodKeys(required=("percent",)),
    "percent_of_medicare": MethodKeys(
        required=("schedule", "percent"), optional=("locality", "wage_index"), scopes=("line",)
    ),
    "per_diem": MethodKeys(one_of=("amount", "tiers")),
    "case_rate": MethodKeys(required=("amount",)),
    "drg_weight": MethodKeys(required=("base_rate", "weight_set"), scopes=("claim",)),
    "per_unit": MethodKeys(required=("amount",), scopes=("line",)),
    "not_payable": MethodKeys(),
}
PRICE_KEYS = ("amount", "percent", "tiers", "base_rate", "weight_set", "schedule", "locality", "wage_index")
DEFAULT_METHODS = ("percent_of_charge", "fee_schedule", "percent_of_medicare", "per_unit", "not_payable")

MethodName = Literal[
    "fee_schedule",
    "percent_of_charge",
    "percent_of_medicare",
    "per_diem",
    "case_rate",
    "drg_weight",
    "per_unit",
    "not_payable",
]


def read_locality(value: object) -> str:
    """`carrier-locality` with its leading zeros: 1112-5 and 01112-05 are one."""
    found = LOCALITY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError(
            "not_allowed",
            "found '{found}'; allowed is the Medicare carrier, a hyphen and the locality, as \"01112-05\"",
            {"found": str(value)},
        )
    return f"{found[1].zfill(5)}-{found[2].zfill(2)}"


Locality = Annotated[str, BeforeValidator(read_locality), Field(pattern=r"^\d{5}-\d{2}$")]

# Published indices lie well within; what lies without is a rate or a percent typed in the wrong place.
WageIndex = Annotated[
    Decimal,
    BeforeValidator(number(4, least=Decimal("0.2"), most=Decimal(3))),
    WithJsonSchema({"type": "number", "minimum": 0.2, "maximum": 3}),
]


class Tier(Strict):
    through_day: Positive | None = None
    amount: Rate


class Priced(Strict):
    """A method and its keys: a term's, or the default's."""

    method: Annotated[MethodName, BeforeValidator(choice(*METHODS))]
    amount: Rate | None = None
    percent: Rate | None = None
    schedule: Text | None = None
    locality: Locality | None = None
    wage_index: WageIndex | None = None

    @property
    def place(self) -> str | None:
        """Where a Medicare amount holds, as the rates name it: the locality, or the hospital's wage index."""
        return self.locality if self.wage_index is None else f"wage-index {self.wage_index.normalize():f}"

    @model_validator(mode="after")
    def _keys_of_method(self) -> Priced:
        method = METHODS[self.method]
        given = [key for key in PRICE_KEYS if getattr(self, key, None) is not None]
        for key in method.required:
            if key not in given:
                raise _fault("method {method} needs `{key}`", self.method, key)
        if method.one_of and len([key for key in method.one_of if key in given]) != 1:
            raise _fault("method {method} needs exactly one of {key}", self.method, " and ".join(method.one_of))
        for key in given:
            if key not in method.allowed:
                takes = ", ".join(method.allowed) or "no such key at all"
                raise _fault("`{key}` says nothing to method {method}, which takes {takes}", self.method, key, takes)
        if self.method == "percent_of_medicare":
            self._check_medicare()
        return self

    def _check_medicare(self) -> None:
        schedule = self.schedule or ""
        if not MEDICARE_SCHEDULE.fullmatch(schedule):
            raise PydanticCustomError(
                "not_allowed",
                "`schedule` is '{found}'; percent_of_medicare takes mpfs-<year> or opps-<year>, as mpfs-2025",
                {"found": schedule},
            )
        if schedule.startswith("mpfs") and self.locality is None:
            raise _fault('a percent of {schedule} needs `{key}`, as "01112-05"', schedule, "locality")
        if schedule.startswith("mpfs") and self.wage_index is not None:
            raise _fault(
                "`{key}` says nothing to {schedule}: outpatient schedules alone take it", schedule, "wage_index"
            )


def _fault(template: str, method: str, key: str, takes: str = "") -> PydanticCustomError:
    return PydanticCustomError("method_keys", template.format(method=method, key=key, takes=takes, schedule=method))


class Default(Priced):
    @model_validator(mode="after")
    def _line_method(self) -> Default:
        if self.method not in DEFAULT_METHODS:
            raise PydanticCustomError(
                "not_allowed",
                "the default prices lines that no term matches; its method is one of {allowed}",
                {"allowed": ", ".join(DEFAULT_METHODS)},
            )
        return self


class Term(Priced):
    id: Text
    scope: Annotated[Literal["line", "claim"], BeforeValidator(choice("line", "claim"))] = "line"
    carve_out: Flag = False
    match: Match = Match()
    tiers: OneOrMore[Tier] | None = None
    base_rate: Rate | None = None
    weight_set: Text | None = None

    @model_validator(mode="after")
    def _scope_and_tiers(self) -> Term:
        scopes = METHODS[self.method].scopes
        if self.scope not in scopes:
            raise PydanticCustomError(
                "scope",
                "method {method} prices {scopes}s; write `scope: {scopes}`",
                {"method": self.method, "scopes": scopes[0]},
            )
        if self.carve_out and self.scope == "claim":
            raise PydanticCustomError(
                "scope", "a carve-out is priced line by line; take `scope: claim` or `carve_out` away"
            )
        if self.tiers:
            _check_tiers(self.tiers)
        return self


def _check_tiers(tiers: tuple[Tier, ...]) -> None:
    if any(tier.through_day is None for tier in tiers[:-1]) or tiers[-1].through_day is not None:
        raise PydanticCustomError(
            "tiers", "every tier but the last says `through_day`, and the last does not: it is for all days after"
        )
    days = [tier.through_day for tier in tiers[:-1] if tier.through_day is not None]
    if days != sorted(set(days)):
        raise PydanticCustomError("tiers", "`through_day` must rise from tier to tier")
