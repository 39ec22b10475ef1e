"""What was done for a patient: the facts a claim bills and a contract prices."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """One service line: `charge` in cents for all units, `day` the service date's number."""

    code: str
    modifiers: tuple[str, ...]
    revenue: str
    units: int
    charge: int
    day: int


class Encounter(NamedTuple):
    """One claim's worth of services. `place` is the place of service of a professional or dental claim,

    `bill_type` the three digits of an institutional one; `first` and `last` are day numbers (admission and
    discharge of a stay).
    """

    claim_type: str
    template: str
    lines: tuple[Line, ...]
    place: str
    bill_type: str
    drg: str
    diagnoses: tuple[str, ...]
    specialty: str
    first: int
    last: int
    charge: int

    @property
    def is_stay(self) -> bool:
        return self.bill_type == "111"
