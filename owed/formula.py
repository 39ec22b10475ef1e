"""The portfolio formula: a forecast of the yield of many claims, never a claim's expected amount.

Yield = billed charges × payment multiplier × (1 − denial rate) × (1 − contractual discount) × (1 + additional rate)
× (1 − prior-authorization loss). It is a published rule of thumb; its factors are averages over a payer's claims, so
it has no place in pricing one of them, which contracts do. The multiplier is what is allowed of charges and holds the
contractual discount already: both at once take the discount twice, so estimates leave the latter at zero.

`PUBLISHED_CORRECTIONS` lists the worked examples it was published with whose printed arithmetic is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ONE = Decimal(1)


@dataclass(frozen=True)
class Correction:
    """A published worked example: what was printed, what the formula gives, and where the print goes wrong."""

    example: str
    printed: Decimal
    exact: Decimal
    reason: str


PUBLISHED_CORRECTIONS = (
    Correction(
        "1,000 at 0.80; denials 5%, discount 15%, additional 2%, prior authorization 3%",
        Decimal("637.47"),
        Decimal("639.15"),
        "800 × 0.95 × 0.85 × 1.02 × 0.97 = 639.1524; no choice of the factors gives the printed figure",
    ),
    Correction(
        "500 at 0.75; denials 8%, discount 12%, additional 3%, prior authorization 2%",
        Decimal("289.50"),
        Decimal("306.45"),
        "the factors multiply to 0.81721024, not the printed 0.772",
    ),
    Correction(
        "900,000 with a discount of 15% and denials of 6%: the loss",
        Decimal("189000.00"),
        Decimal("180900.00"),
        "the losses are added there; multiplied as the formula says, the 8,100 they share counts once",
    ),
    Correction(
        "the same, denials cut from 6% to 4%: the saving",
        Decimal("18000.00"),
        Decimal("15300.00"),
        "two points of denials are saved on what is left after the discount, 765,000",
    ),
)


@dataclass(frozen=True)
class Portfolio:
    """The formula's factors for one payer or all. `billed_charges` in money, every rate a fraction (0.05 is 5%)."""

    billed_charges: Decimal
    payment_multiplier: Decimal = ONE
    denial_rate: Decimal = Decimal(0)
    contractual_discount: Decimal = Decimal(0)
    additional_rate: Decimal = Decimal(0)
    prior_authorization_loss: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        for name in ("denial_rate", "contractual_discount", "prior_authorization_loss"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a fraction from 0 to 1, not {getattr(self, name)}")
        if self.billed_charges < 0 or self.payment_multiplier < 0 or self.additional_rate < -1:
            raise ValueError("charges and the multiplier are not below zero, the additional rate not below -1")

    @property
    def factor(self) -> Decimal:
        """What is left of a dollar after the multiplier, exactly."""
        return (
            (ONE - self.denial_rate)
            * (ONE - self.contractual_discount)
            * (ONE + self.additional_rate)
            * (ONE - self.prior_authorization_loss)
        )

    @property
    def multiplied(self) -> Decimal:
        """Charges times the multiplier, in cents: what there would be without losses."""
        return cents(self.billed_charges * self.payment_multiplier)

    @property
    def forecast(self) -> Decimal:
        """The yield, rounded half-up to cents once."""
        return cents(self.billed_charges * self.payment_multiplier * self.factor)

    @property
    def loss(self) -> Decimal:
        """What the losses take together, each on what the others leave."""
        return self.multiplied - self.forecast

    def changed(self, **rates: Decimal | None) -> Portfolio:
        """The same portfolio with some rates replaced; None keeps one as it is."""
        return replace(self, **{name: rate for name, rate in rates.items() if rate is not None})


def difference(now: Portfolio, then: Portfolio) -> tuple[Decimal, Decimal | None]:
    """What `then` yields more than `now`, in money and in percent of it (None where `now` yields nothing)."""
    gained = then.forecast - now.forecast
    return gained, gained / now.forecast * 100 if now.forecast else None


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
