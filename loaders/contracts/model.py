"""The contract file's keys (INTERFACE 2.3). These models are the whole of its grammar, and make its JSON Schema."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from loaders.contracts.fields import (
    BillType,
    Day,
    Diagnosis,
    Drg,
    Modifier,
    Money,
    Npi,
    Place,
    Procedure,
    Rate,
    Revenue,
    Share,
    TaxId,
    Text,
    Whole,
    choice,
)
from loaders.contracts.matching import CodeMatch
from loaders.contracts.strict import AnyNumber, OneOrMore, Strict
from loaders.contracts.terms import Default, Term

RESERVED_TERM_IDS = ("default", "stop_loss", "lesser_of", "multiple_procedures")
ClaimType = Annotated[
    Literal["professional", "institutional", "dental"],
    BeforeValidator(choice("professional", "institutional", "dental")),
]
UpperText = Annotated[Text, AfterValidator(str.upper)]


def _spoken_or_written_out(value: object) -> str:
    return WORD if isinstance(value, str) else BLOCK


# Tags of the two ways to say a thing; they are cut out of the paths that messages name.
WORD, BLOCK = "(word)", "(block)"
Medicare = Annotated[Literal["medicare"], BeforeValidator(choice("medicare")), Tag(WORD)]


class Providers(Strict):
    tax_ids: AnyNumber[TaxId] = ()
    npis: AnyNumber[Npi] = ()


class Effective(Strict):
    start: Day = Field(alias="from")
    end: Day | None = Field(alias="to", default=None)

    @model_validator(mode="after")
    def _in_order(self) -> Effective:
        if self.end is not None and self.end < self.start:
            raise PydanticCustomError("reversed", "`to` is before `from`; exchange them")
        return self


class PromptPay(Strict):
    days: Whole
    annual_interest_percent: Rate = Decimal(0)


class Tolerance(Strict):
    amount: Money = Decimal(0)
    percent: Rate = Decimal(0)


class MultipleProcedures(Strict):
    percents: OneOrMore[Rate]
    applies_to: CodeMatch = CodeMatch()


class StopLoss(Strict):
    kind: Annotated[Literal["first_dollar", "second_dollar"], BeforeValidator(choice("first_dollar", "second_dollar"))]
    threshold: Money
    percent: Rate


class ExampleLine(Strict):
    procedure: Procedure | None = None
    modifiers: AnyNumber[Modifier] = Field(default=(), max_length=4)
    revenue_code: Revenue | None = None
    units: Rate = Decimal(1)
    charge: Money | None = None
    service_date: Day | None = None
    rendering: Text | None = None


class ExampleClaim(Strict):
    service_from: Day
    service_to: Day | None = None
    admission: Day | None = None
    place_of_service: Place | None = None
    bill_type: BillType | None = None
    drg: Drg | None = None
    diagnosis: Diagnosis | None = None
    lines: OneOrMore[ExampleLine]


class Expected(Strict):
    """A written null says that the claim, or the line, must have no amount of its own."""

    nullable: ClassVar[frozenset[str]] = frozenset({"allowed"})
    allowed: Money | None = None
    lines: AnyNumber[Money | None] = ()

    @model_validator(mode="after")
    def _something(self) -> Expected:
        if not self.model_fields_set:
            raise PydanticCustomError("empty", "say what is expected: `allowed`, `lines` or both")
        return self


class Example(Strict):
    name: Text
    claim: ExampleClaim
    expect: Expected

    @model_validator(mode="after")
    def _as_many_lines(self) -> Example:
        billed, expected = len(self.claim.lines), len(self.expect.lines)
        if expected and expected != billed:
            raise PydanticCustomError(
                "line_count",
                "`expect` has {expected} lines and `claim` {billed}; say one amount a line, null where none is due",
                {"expected": expected, "billed": billed},
            )
        return self


class Contract(Strict):
    contract: Text
    name: Text | None = None
    payer: Text
    products: AnyNumber[UpperText] = ()
    claim_types: OneOrMore[ClaimType]
    providers: Providers = Providers()
    effective: Effective
    date_basis: Annotated[
        Literal["service_from", "admission", "discharge"],
        BeforeValidator(choice("service_from", "admission", "discharge")),
    ] = "service_from"
    timely_filing_days: Whole | None = None
    appeal_days: Whole | None = None
    prompt_pay: PromptPay | None = None
    tolerance: Tolerance = Tolerance()
    lesser_of: Annotated[Literal["none", "line", "claim"], BeforeValidator(choice("none", "line", "claim"))] = "none"
    sequestration_percent: Share = Decimal(0)
    modifiers: Annotated[
        Medicare | Annotated[dict[Modifier, Rate], Tag(BLOCK)], Discriminator(_spoken_or_written_out)
    ] = Field(default_factory=dict)
    multiple_procedures: (
        Annotated[Medicare | Annotated[MultipleProcedures, Tag(BLOCK)], Discriminator(_spoken_or_written_out)] | None
    ) = None
    stop_loss: StopLoss | None = None
    default: Default | None = None
    terms: AnyNumber[Term] = ()
    examples: AnyNumber[Example] = ()

    @model_validator(mode="after")
    def _prices_something(self) -> Contract:
        if not self.terms and self.default is None:
            raise PydanticCustomError("no_terms", "the contract prices nothing; write `terms`, a `default` or both")
        return self
