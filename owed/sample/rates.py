"""Fee schedules and case-mix weights of the sample: invented figures from `procedures.csv` and `inpatient.csv`.

A schedule's rate is the procedure's base amount times the schedule's factor for its family, times a small spread
by code, so that no two schedules stand in one constant ratio.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from owed.sample.calendar import Calendar
from owed.sample.money import cents, half_up, plain


@dataclass(frozen=True)
class Procedure:
    """Base amounts and charges of one code, in cents; None where the code has none."""

    code: str
    family: str
    non_facility: int | None
    facility: int | None
    professional: int | None
    technical: int | None
    charge: int | None
    hospital_rate: int | None
    hospital_charge: int | None


@dataclass(frozen=True)
class Inpatient:
    """One MS-DRG number with the shape of its stays; charges in cents, weights in ten-thousandths."""

    drg: str
    share: int
    weight_1: int
    weight_2: int
    mean_days: float
    day_charge: int
    surgery_charge: int
    implant_charge: int
    intensive_days: int
    diagnosis: str


@dataclass(frozen=True)
class RateRow:
    """One row of a fee schedule; days as the calendar's numbers, both ends included."""

    schedule: str
    code: str
    modifier: str
    setting: str
    first: int
    last: int
    amount: int


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a CSV beside this module."""
    with (files("owed.sample") / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def load_procedures() -> dict[str, Procedure]:
    def amount(text: str) -> int | None:
        return cents(text) if text else None

    return {
        row["code"]: Procedure(row["code"], row["family"], *(amount(row[name]) for name in AMOUNT_COLUMNS))
        for row in rows_of("procedures.csv")
    }


AMOUNT_COLUMNS = (
    "non_facility",
    "facility",
    "professional",
    "technical",
    "charge",
    "hospital_rate",
    "hospital_charge",
)


def load_inpatient() -> list[Inpatient]:
    return [
        Inpatient(
            row["drg"],
            int(row["share"]),
            round(float(row["weight_1"]) * 10_000),
            round(float(row["weight_2"]) * 10_000),
            float(row["geometric_mean_los"]),
            cents(row["day_charge"]),
            cents(row["surgery_charge"]),
            cents(row["implant_charge"]),
            int(row["intensive_days"]),
            row["diagnoses"],
        )
        for row in rows_of("inpatient.csv")
    ]


@dataclass(frozen=True)
class ScheduleRule:
    """How a schedule comes from the base amounts: thousandths of the base by family (`*` for the rest).

    `hospital` takes the hospital rates; `without` leaves codes out; `escalates` makes a second period from the
    calendar's middle, or, for a schedule of its own, raises every code by RAISES.
    """

    factors: Mapping[str, int]
    hospital: bool = False
    without: tuple[str, ...] = ()
    basis: str = ""
    escalates: bool = False
    two_periods: bool = False


SCHEDULES: dict[str, ScheduleRule] = {
    "fedcare": ScheduleRule({"*": 1000}),
    "northfield-ppo-1": ScheduleRule({"*": 1340, "surgery": 1480, "imaging": 1390, "lab": 1120, "drug": 1080}),
    "northfield-ppo-2": ScheduleRule({}, basis="northfield-ppo-1", escalates=True),
    "northfield-hmo": ScheduleRule({"*": 1190, "surgery": 1260, "imaging": 1150, "lab": 980, "drug": 1030}),
    "bluestone-1": ScheduleRule({"*": 1410, "surgery": 1530, "imaging": 1560, "lab": 1200, "drug": 1110}),
    "bluestone-2": ScheduleRule({}, basis="bluestone-1", escalates=True),
    "pinewood": ScheduleRule({"*": 740, "surgery": 690, "lab": 820, "drug": 1000}, two_periods=True),
    "garrison": ScheduleRule({"*": 1010, "lab": 1450}, without=("90471", "90686", "90715", "93306", "97161")),
    "oakdent": ScheduleRule({"dental": 1000}),
    "northfield-outpatient": ScheduleRule({"*": 1520}, hospital=True),
    "bluestone-outpatient": ScheduleRule({"*": 1610}, hospital=True),
    "fedcare-outpatient": ScheduleRule({"*": 1000}, hospital=True),
}

RAISES = {"imaging": (80, 120)}
"""Thousandths, from and to, by which a family's rates rise with a new contract; 20 to 60 for the rest."""
WEIGHT_SET = "sample-drg"


def spread(code: str, salt: str, low: int, high: int) -> int:
    """A whole number from low to high, fixed by code and salt."""
    return low + zlib.crc32(f"{salt}/{code}".encode()) % (high - low + 1)


def schedule_rows(calendar: Calendar, procedures: Mapping[str, Procedure]) -> Iterator[RateRow]:
    """Every row of every schedule, in the order of SCHEDULES and of the codes."""
    last = max(calendar.last, 364) + 31
    for schedule, rule in SCHEDULES.items():
        basis = SCHEDULES[rule.basis] if rule.basis else rule
        salt = rule.basis or schedule
        for procedure in procedures.values():
            factor = basis.factors.get(procedure.family, basis.factors.get("*", 0))
            if not factor or procedure.code in rule.without or (procedure.family == "dental") != (salt == "oakdent"):
                continue
            scaled = factor * spread(procedure.code, salt, 980, 1020)
            raised = 1000 + spread(procedure.code, schedule, *RAISES.get(procedure.family, (20, 60)))
            for modifier, setting, base in base_rows(procedure, basis.hospital):
                amount = half_up(base * scaled * (raised if rule.escalates else 1000), 1_000_000_000)
                if rule.two_periods:
                    later = half_up(base * scaled * raised, 1_000_000_000)
                    yield RateRow(schedule, procedure.code, modifier, setting, 0, calendar.middle - 1, amount)
                    yield RateRow(schedule, procedure.code, modifier, setting, calendar.middle, last, later)
                else:
                    yield RateRow(schedule, procedure.code, modifier, setting, 0, last, amount)


def base_rows(procedure: Procedure, hospital: bool) -> Iterator[tuple[str, str, int]]:
    """(modifier, setting, base amount) of a code's rows; setting is blank where both pay alike."""
    if hospital:
        if procedure.hospital_rate is not None:
            yield "", "", procedure.hospital_rate
        return
    if procedure.non_facility is not None and procedure.non_facility == procedure.facility:
        yield "", "", procedure.non_facility
    elif procedure.non_facility is not None and procedure.facility is not None:
        yield "", "non_facility", procedure.non_facility
        yield "", "facility", procedure.facility
    elif procedure.non_facility is not None or procedure.facility is not None:
        yield "", "", procedure.non_facility or procedure.facility or 0
    if procedure.professional is not None and procedure.technical is not None:
        yield "26", "", procedure.professional
        yield "TC", "", procedure.technical


def schedule_csv(rows: list[RateRow], schedule: str, calendar: Calendar) -> str:
    """A schedule as the inbox takes it."""
    lines = ["schedule_id,procedure_code,modifier,setting,effective_from,effective_to,amount"]
    lines += [
        f"{row.schedule},{row.code},{row.modifier},{row.setting},{calendar.iso(row.first)},{calendar.iso(row.last)},"
        f"{plain(row.amount)}"
        for row in rows
        if row.schedule == schedule
    ]
    return "\n".join(lines) + "\n"


def weights_csv(inpatient: list[Inpatient], calendar: Calendar) -> str:
    """Case-mix weights in two periods: the fiscal year turns at the start of the last quarter."""
    tokens = calendar.tokens()
    turn = calendar.number(calendar.start.fromisoformat(tokens["before_last_quarter"]))
    lines = ["weight_set,drg,relative_weight,geometric_mean_los,effective_from,effective_to"]
    for first, last, attribute in ((-31, turn, "weight_1"), (turn + 1, max(calendar.last, 364) + 31, "weight_2")):
        for stay in inpatient:
            weight = getattr(stay, attribute)
            lines.append(
                f"{WEIGHT_SET},{stay.drg},{weight // 10_000}.{weight % 10_000:04d},{stay.mean_days},"
                f"{calendar.iso(first)},{calendar.iso(last)}"
            )
    return "\n".join(lines) + "\n"
