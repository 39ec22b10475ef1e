"""Draws what was done: encounters from `encounters.csv` and stays from `inpatient.csv`, charged by the chargemaster."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random
from typing import NamedTuple

from owed.sample.encounter import Encounter, Line
from owed.sample.rates import Inpatient, Procedure, rows_of

ROUTINE_CHARGES = {"0250": 18_000, "0270": 34_000, "0300": 21_000, "0710": 96_000}
"""Charges in cents of lines billed by revenue code alone."""
ROOM_CHARGE, INTENSIVE_CHARGE = 246_000, 588_000


class LineTemplate(NamedTuple):
    revenue: str
    code: str
    modifiers: tuple[str, ...]
    low: int
    high: int
    after_days: int


class Template(NamedTuple):
    name: str
    claim_type: str
    place: str
    specialty: str
    diagnoses: tuple[str, ...]
    lines: tuple[LineTemplate, ...]


def line_template(text: str) -> LineTemplate:
    """`0636=J1885:JZ*2-4@1`: revenue code, procedure, modifiers, units from-to, days after the first."""
    text, _, after = text.partition("@")
    text, _, units = text.partition("*")
    revenue, separator, procedure = text.rpartition("=")
    if not separator and len(procedure) == 4 and procedure.isdigit():
        revenue, procedure = procedure, ""
    code, *modifiers = procedure.split(":")
    low, _, high = (units or "1").partition("-")
    return LineTemplate(revenue, code, tuple(modifiers), int(low), int(high or low), int(after or 0))


class Services:
    """Draws encounters of a claim type, by the weights of the templates."""

    def __init__(self, procedures: dict[str, Procedure], inpatient: list[Inpatient]) -> None:
        self.procedures = procedures
        self.inpatient = inpatient
        self.stay_weights = list(accumulate(stay.share for stay in inpatient))
        self.templates: dict[str, list[Template]] = {}
        self.weights: dict[str, list[int]] = {}
        for row in rows_of("encounters.csv"):
            lines = tuple(line_template(text) for text in row["lines"].split())
            diagnoses = tuple(row["diagnoses"].split("|"))
            place = "" if row["claim_type"] == "institutional" else row["place"]
            template = Template(row["encounter"], row["claim_type"], place, row["specialty"], diagnoses, lines)
            self.templates.setdefault(template.claim_type, []).append(template)
            weights = self.weights.setdefault(template.claim_type, [])
            weights.append((weights[-1] if weights else 0) + int(row["weight"]))

    def draw(self, random: Random, claim_type: str, day: int) -> Encounter:
        weights = self.weights[claim_type]
        template = self.templates[claim_type][bisect(weights, random.random() * weights[-1])]
        institutional = claim_type == "institutional"
        lines = []
        for line in template.lines:
            units = line.low + int(random.random() * (line.high - line.low + 1)) if line.high > line.low else line.low
            charge = self.charge(line, institutional) * units
            lines.append(Line(line.code, line.modifiers, line.revenue, units, charge, day + line.after_days))
        diagnoses = template.diagnoses
        if len(diagnoses) > 1:
            start = int(random.random() * len(diagnoses))
            diagnoses = (diagnoses[start], diagnoses[start - 1])
        return Encounter(
            claim_type, template.name, tuple(lines), template.place, "131" if institutional else "", "", diagnoses,
            template.specialty, day, max(line.day for line in lines), sum(line.charge for line in lines),
        )  # fmt: skip

    def charge(self, line: LineTemplate, institutional: bool) -> int:
        """One unit's charge in cents."""
        if not line.code:
            return ROUTINE_CHARGES[line.revenue]
        procedure = self.procedures[line.code]
        charge = procedure.hospital_charge if institutional else procedure.charge
        if charge is None:
            raise ValueError(f"{line.code} has no charge for this claim type")
        # A bilateral procedure is charged one and a half times, as the two sides are billed on one line.
        return charge * 3 // 2 if "50" in line.modifiers else charge

    def stay(self, random: Random, day: int) -> Encounter:
        """An inpatient stay beginning on that day, bill type 111."""
        stay = self.inpatient[bisect(self.stay_weights, random.random() * self.stay_weights[-1])]
        days = max(1, round(stay.mean_days * (0.45 + 1.1 * random.random())))
        if random.random() < 0.07:
            days += round(stay.mean_days * (1 + 2 * random.random()))
        intensive = min(days - 1, round(stay.intensive_days * (0.5 + random.random()))) if stay.intensive_days else 0
        lines = []
        if days > intensive:
            lines.append(Line("", (), "0120", days - intensive, ROOM_CHARGE * (days - intensive), day))
        if intensive:
            lines.append(Line("", (), "0200", intensive, INTENSIVE_CHARGE * intensive, day))
        ancillary = stay.day_charge * days
        for revenue, part in (("0250", 34), ("0300", 26), ("0270", 22), ("0320", 18)):
            charge = int(ancillary * part * (0.7 + 0.6 * random.random())) // 10_000 * 100
            lines.append(Line("", (), revenue, max(1, days * 3), charge, day))
        if stay.surgery_charge:
            charge = int(stay.surgery_charge * (0.9 + 0.2 * random.random())) // 100 * 100
            lines.append(Line("", (), "0360", 1, charge, day))
        if stay.implant_charge:
            lines.append(Line("C1776", (), "0278", 1, stay.implant_charge, day))
        specialty = "orthopedics" if stay.implant_charge else "internal"
        return Encounter(
            "institutional", f"stay-{stay.drg}", tuple(lines), "", "111", stay.drg, (stay.diagnosis, "I10"), specialty,
            day, day + days, sum(line.charge for line in lines),
        )  # fmt: skip
