"""The contracts in force, ready to price: which contract governs a claim, its earlier version, its neighbours."""

from __future__ import annotations

from owed.sample.calendar import Calendar
from owed.sample.contracts import Contract, load_contracts
from owed.sample.encounter import Encounter
from owed.sample.pricer import Alternative, Price, Pricer
from owed.sample.rates import Inpatient, Procedure, load_inpatient, load_procedures, schedule_rows

CACHE_LIMIT = 100_000


class Book:
    """Contracts, schedules and weights of one sample; prices are remembered up to a bound."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.procedures: dict[str, Procedure] = load_procedures()
        self.inpatient: list[Inpatient] = load_inpatient()
        self.rows = list(schedule_rows(calendar, self.procedures))
        self.contracts = load_contracts(calendar)
        schedules: dict[tuple[str, str, str, str], list[tuple[int, int, int]]] = {}
        for row in self.rows:
            key = (row.schedule, row.code, row.modifier, row.setting)
            schedules.setdefault(key, []).append((row.first, row.last, row.amount))
        turn = calendar.number(calendar.start.fromisoformat(calendar.tokens()["before_last_quarter"])) + 1
        weights = {stay.drg: (turn, stay.weight_1, stay.weight_2) for stay in self.inpatient}
        self.pricer = Pricer(schedules, weights)
        self.by_payer: dict[tuple[str, str], list[Contract]] = {}
        for contract in self.contracts:
            for claim_type in contract.claim_types:
                self.by_payer.setdefault((contract.payer, claim_type), []).append(contract)
        self.cache: dict[tuple[object, ...], Price] = {}

    def contract_for(self, payer: str, plan: str, encounter: Encounter) -> Contract | None:
        """The one contract of payer, product, claim type and basis date; None if there is none."""
        for contract in self.by_payer.get((payer, encounter.claim_type), ()):
            day = encounter.last if contract.date_basis == "discharge" else encounter.first
            if contract.first <= day <= contract.last and (not contract.products or plan in contract.products):
                return contract
        return None

    def price(self, contract: Contract, encounter: Encounter) -> Price:
        """The agreed price. Remembered by what it depends on: the services and the half-year, not the day."""
        if encounter.is_stay:
            return self.pricer.price(contract, encounter)
        first = encounter.first
        period = first >= self.calendar.middle
        middle = self.calendar.middle
        lines = tuple(
            (line.code, line.modifiers, line.units, line.charge, line.day - first, line.day >= middle)
            for line in encounter.lines
        )
        key = (contract.id, period, encounter.template, lines)
        price = self.cache.get(key)
        if price is None:
            if len(self.cache) > CACHE_LIMIT:
                self.cache.clear()
            price = self.cache[key] = self.pricer.price(contract, encounter)
        return price

    def price_otherwise(self, contract: Contract, encounter: Encounter, alternative: Alternative) -> Price:
        return self.pricer.price(contract, encounter, alternative)

    def earlier_version(self, contract: Contract) -> Contract | None:
        """The version that ended the day before this one began: same payer, products and claim types."""
        for other in self.contracts:
            same = (other.payer, other.products, other.claim_types) == (
                contract.payer, contract.products, contract.claim_types,
            )  # fmt: skip
            if same and other.last == contract.first - 1:
                return other
        return None

    def neighbours(self, contract: Contract, encounter: Encounter) -> list[Contract]:
        """The payer's other contracts in force for the claim type."""
        return [
            other
            for other in self.by_payer[(contract.payer, encounter.claim_type)]
            if other is not contract and other.first <= encounter.first <= other.last
        ]

    def others_in_force(self, contract: Contract, encounter: Encounter) -> list[Contract]:
        """Every other contract in force for the claim type, whoever the payer."""
        return [
            other
            for other in self.contracts
            if other is not contract
            and encounter.claim_type in other.claim_types
            and other.first <= encounter.first <= other.last
        ]

    def price_under(self, contract: Contract, encounter: Encounter) -> Price:
        return self.pricer.price(contract, encounter)
