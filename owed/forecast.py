"""`owed forecast`: the portfolio formula with its factors estimated from the snapshot, payer by payer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import duckdb

from owed.errors import WrongUseError
from owed.formula import Portfolio, difference

NOTE = (
    "A forecast of the yield of many claims, never one claim's expected amount. The multiplier is what was allowed of "
    "charges and so holds the contractual discount, which is left at zero; interest and incentives are not allowed "
    "amounts, and the additional rate is zero for want of a feed."
)

# Claims first answered in the twelve months up to the as-of date, and what became of them. A refusal is lost once it
# was written off, upheld or is past its deadline; of a line refused twice the later one counts.
_ESTIMATES = """
    with as_of as (
        select max(as_of_date) as as_of_date from marts.rpt_refresh where build is not null
    ),
    answered as (
        select claims.claim_key, claims.payer_id, claims.charge_amount
        from marts.fct_claims as claims, as_of
        where claims.origin = 'claim' and claims.first_remit_date <= as_of.as_of_date
            and claims.first_remit_date > as_of.as_of_date - interval 12 month
    ),
    refusals as (
        select denials.*,
            row_number() over (
                partition by denials.claim_key, denials.payer_id, denials.line_number order by denials.denial_date desc
            ) as newest
        from marts.fct_denials as denials
        inner join answered on denials.claim_key = answered.claim_key and denials.payer_id = answered.payer_id
    ),
    lost as (
        select payer_id,
            sum(denied_amount) filter (where denial_category <> 'authorization') as denied_amount,
            count(*) filter (where denial_category <> 'authorization') as denied_count,
            sum(denied_amount) filter (where denial_category = 'authorization') as authorization_amount,
            count(*) filter (where denial_category = 'authorization') as authorization_count
        from refusals
        where newest = 1 and outcome in ('written_off', 'upheld', 'past_deadline')
        group by payer_id
    ),
    allowed as (
        select answered.payer_id, count(*) as row_count,
            sum(variances.charge_amount) as charge_amount, sum(variances.allowed_amount) as allowed_amount
        from marts.fct_payment_variances as variances
        inner join answered on variances.claim_key = answered.claim_key
        where variances.allowed_amount > 0 and variances.variance_class <> 'denied'
            and not exists (
                select 1 from refusals
                where refusals.claim_key = variances.claim_key and refusals.line_number = variances.line_number
            )
        group by answered.payer_id
    )
    select answered.payer_id, count(*) as claim_count, sum(answered.charge_amount) as charge_amount,
        coalesce(max(allowed.row_count), 0), max(allowed.charge_amount), max(allowed.allowed_amount),
        coalesce(max(lost.denied_count), 0), coalesce(max(lost.denied_amount), 0),
        coalesce(max(lost.authorization_count), 0), coalesce(max(lost.authorization_amount), 0)
    from answered
    left join allowed on answered.payer_id = allowed.payer_id
    left join lost on answered.payer_id = lost.payer_id
    group by answered.payer_id
    order by answered.payer_id
"""


@dataclass(frozen=True)
class Estimate:
    """One payer's factors and the counts they rest on. `portfolio` None: nothing was allowed, so no multiplier."""

    payer_id: str
    claim_count: int
    allowed_row_count: int
    lost_denial_count: int
    lost_authorization_count: int
    portfolio: Portfolio | None
    changed: Portfolio | None

    def as_dict(self) -> dict[str, Any]:
        found = asdict(self)
        if self.portfolio is not None:
            found["forecast"] = self.portfolio.forecast
        if self.portfolio is not None and self.changed is not None:
            found["changed_forecast"] = self.changed.forecast
            found["difference"], found["difference_percent"] = difference(self.portfolio, self.changed)
        return found

    def __str__(self) -> str:
        if self.portfolio is None:
            return f"{self.payer_id}: {self.claim_count} claims answered, nothing allowed: no multiplier to go by"
        now = self.portfolio
        rates = (
            f"multiplier {_percent(now.payment_multiplier)} ({self.allowed_row_count} lines)",
            f"denials lost {_percent(now.denial_rate)} ({self.lost_denial_count})",
            f"prior authorization lost {_percent(now.prior_authorization_loss)} ({self.lost_authorization_count})",
        )
        told = [
            f"{self.payer_id}: charges {now.billed_charges:,.2f} ({self.claim_count} claims)",
            f"  {', '.join(rates)}",
            f"  forecast {now.forecast:,.2f}",
        ]
        if self.changed is not None:
            gained, percent = difference(now, self.changed)
            share = "" if percent is None else f" ({percent:+.1f}%)"
            told.append(f"  with the change {self.changed.forecast:,.2f}: {gained:+,.2f}{share}")
        return "\n".join(told)


@dataclass(frozen=True)
class Forecast:
    """Every payer's estimate, and the words that must go with it."""

    estimates: tuple[Estimate, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"note": NOTE, "payers": [estimate.as_dict() for estimate in self.estimates]}

    def __str__(self) -> str:
        return "\n".join([*map(str, self.estimates), NOTE])


def forecast(
    connection: duckdb.DuckDBPyConnection,
    payer_id: str | None = None,
    multiplier: Decimal | None = None,
    denial_rate: Decimal | None = None,
    prior_authorization_loss: Decimal | None = None,
) -> Forecast:
    """Estimates from the snapshot, for one payer or all, beside what other rates (fractions) would yield.

    Raises `WrongUseError` for a payer without a claim answered in the twelve months, or a rate that is no fraction.
    """
    rates = {
        "payment_multiplier": multiplier,
        "denial_rate": denial_rate,
        "prior_authorization_loss": prior_authorization_loss,
    }
    rows = [row for row in connection.execute(_ESTIMATES).fetchall() if payer_id in (None, row[0])]
    if payer_id is not None and not rows:
        raise WrongUseError(f"No claim of payer {payer_id} was answered in the last twelve months.")
    try:
        return Forecast(tuple(_estimate(row, rates) for row in rows))
    except ValueError as error:
        raise WrongUseError(f"A rate cannot be used: {error}.") from error


def _estimate(row: tuple[Any, ...], rates: dict[str, Decimal | None]) -> Estimate:
    payer, claims, charges, allowed_rows, allowed_charges, allowed, denied, denied_amount, held, held_amount = row
    portfolio = None
    if allowed_charges:
        portfolio = Portfolio(
            charges,
            payment_multiplier=_ratio(allowed, allowed_charges),
            denial_rate=min(_ratio(denied_amount, charges), Decimal(1)),
            prior_authorization_loss=min(_ratio(held_amount, charges - denied_amount), Decimal(1)),
        )
    changes = any(rate is not None for rate in rates.values())
    changed = portfolio.changed(**rates) if portfolio is not None and changes else None
    return Estimate(str(payer), claims, allowed_rows, denied, held, portfolio, changed)


def fraction(percent: float | None) -> Decimal | None:
    """A percent as typed on the command line, as the fraction the formula takes."""
    return None if percent is None else Decimal(str(percent)) / 100


def _ratio(part: Decimal, whole: Decimal) -> Decimal:
    """To six places, as rates are shown and kept."""
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001")) if whole and whole > 0 else Decimal(0)


def _percent(fraction: Decimal) -> str:
    return f"{fraction * 100:.1f}%"
