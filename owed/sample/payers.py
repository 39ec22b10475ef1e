"""The sample's payers: who they are in the files, how fast and how they pay. All fictional."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Payer:
    """`share`: per mille of claims. Days of the week: Monday 0. Lags in days from submission to payment.

    `lag_end` differs from `lag` for a payer that gets slower. `deny` and `deny_line` are per mille of claims
    denied whole and in one line. `echoes_lines`: its 835 returns REF*6R. `stay_lines`: its 835 itemises
    inpatient claims. `states_allowed`: its 835 has AMT*B6 and AMT*AU. `summarises`: its 835s to a hospital
    have TS3. A payer that payers.csv leaves out is known by its electronic id.
    """

    id: str
    name: str
    payer_class: str
    remit_name: str
    electronic_id: str
    tax_id: str
    filing_code: str
    plans: tuple[tuple[str, int], ...]
    share: int
    weekdays: tuple[int, ...]
    lag: float
    lag_end: float
    cost_share: str
    deny: int = 90
    deny_line: int = 25
    echoes_lines: bool = True
    stay_lines: bool = True
    states_allowed: bool = True
    component: str = ":"
    line_break: str = "\n"
    is_listed: bool = True
    summarises: bool = False

    @property
    def originator(self) -> str:
        """TRN03: 1 and the tax id."""
        return f"1{self.tax_id}"


def filing_code(payer: Payer, plan: str, institutional: bool) -> str:
    """SBR09: Medicare says whether Part A or B, a health maintenance plan says HM."""
    if payer.filing_code == "MB" and institutional:
        return "MA"
    return "HM" if plan == "HMO" else payer.filing_code


def remit_filing_code(payer: Payer, plan: str, institutional: bool) -> str:
    """CLP06, whose list knows no plain commercial insurance: such plans say 12, preferred providers."""
    code = filing_code(payer, plan, institutional)
    return "12" if code in ("CI", "BL") else code


def listed(payer: Payer) -> str:
    """The payer's row of payers.csv."""
    aliases = "|".join((payer.electronic_id, payer.remit_name, payer.originator))
    return f"{payer.id},{payer.name},{payer.payer_class},{aliases}"


PAYERS: tuple[Payer, ...] = (
    Payer("NORTHFIELD", "Northfield Health (fictional)", "commercial", "NORTHFIELD HEALTH FICTIONAL", "NFH01",
          "990100001", "CI", (("PPO", 68), ("HMO", 32)), 225, (1, 4), 17, 17, "ppo"),
    Payer("BLUESTONE", "Bluestone Mutual (fictional)", "commercial", "BLUESTONE MUTUAL FICTIONAL INC", "BSM22",
          "990100002", "BL", (("", 100),), 165, (0, 3), 21, 21, "ppo", component=">"),
    Payer("CEDARLINE", "Cedarline Employers Trust (fictional)", "commercial", "CEDARLINE EMPLOYERS TRUST FICTIONAL",
          "CET77", "990100003", "12", (("", 100),), 80, (2,), 22, 58, "ppo", echoes_lines=False),
    Payer("FEDCARE", "Federal Senior Program (fictional)", "medicare", "FEDERAL SENIOR PROGRAM FICTIONAL", "FSP00",
          "990100004", "MB", (("", 100),), 205, (0, 1, 2, 3, 4), 14, 14, "medicare", deny=70, stay_lines=False,
          line_break="", summarises=True),
    Payer("MERIDIAN", "Meridian Advantage (fictional)", "medicare_advantage", "MERIDIAN ADVANTAGE FICTIONAL", "MAF45",
          "990100005", "16", (("MA-HMO", 60), ("MA-PPO", 40)), 125, (1, 4), 19, 19, "copay", deny=100,
          stay_lines=False, line_break="\r\n"),
    Payer("PINEWOOD", "Pinewood Community Plan (fictional)", "managed_medicaid", "PINEWOOD COMMUNITY PLAN FICTIONAL",
          "PCP09", "990100006", "MC", (("", 100),), 115, (3,), 26, 26, "small", deny=130, line_break=""),
    Payer("GARRISON", "Garrison Family Program (fictional)", "tricare", "GARRISON FAMILY PROGRAM FICTIONAL", "GFP31",
          "990100007", "CH", (("", 100),), 40, (2,), 18, 18, "copay", states_allowed=False),
    Payer("IRONWORKS", "Ironworks Compensation Fund (fictional)", "workers_comp", "IRONWORKS FUND FICTIONAL", "ICF88",
          "990100008", "WC", (("", 100),), 20, (4,), 34, 34, "none", deny=120, echoes_lines=False),
    Payer("OAKDENT", "Oakdent Benefit (fictional)", "commercial", "OAKDENT BENEFIT FICTIONAL", "ODB12",
          "990100009", "CI", (("", 100),), 0, (2,), 15, 15, "dental", deny=60),
    Payer("FTC99", "Faraway Travel Cover (fictional)", "other", "FARAWAY TRAVEL COVER FICTIONAL", "FTC99",
          "990100010", "CI", (("", 100),), 5, (3,), 40, 40, "none", echoes_lines=False, states_allowed=False,
          is_listed=False),
    Payer("SUMMIT", "Summit Supplement (fictional)", "commercial", "SUMMIT SUPPLEMENT FICTIONAL", "SSF64",
          "990100011", "CI", (("", 100),), 0, (1, 3), 12, 12, "none"),
)  # fmt: skip
BY_ID = {payer.id: payer for payer in PAYERS}

SECONDARIES: dict[str, tuple[tuple[str, int], ...]] = {
    "FEDCARE": (("SUMMIT", 330), ("PINEWOOD", 90)),
    "NORTHFIELD": (("BLUESTONE", 45),),
    "BLUESTONE": (("NORTHFIELD", 35),),
    "GARRISON": (("SUMMIT", 100),),
}
"""Primary payer to its patients' secondary payers, per mille."""


@dataclass(frozen=True)
class Provider:
    """The billing provider of one claim type."""

    name: str
    npi: str
    tax_id: str
    taxonomy: str
    street: str


PROVIDERS = {
    "professional": Provider("HARBOR FICTIONAL GROUP", "1999000015", "990000017", "208D00000X", "1 SAMPLE QUAY"),
    "institutional": Provider("HARBOR FICTIONAL HOSPITAL", "1999000023", "990000025", "282N00000X", "2 SAMPLE QUAY"),
    "dental": Provider("HARBOR FICTIONAL DENTAL", "1999000031", "990000033", "122300000X", "3 SAMPLE QUAY"),
}
CITY = "N4*SAMPLETON*OH*440019999~"

SPECIALTIES = (
    "family internal orthopedics dermatology therapy radiology emergency oncology gastro surgery eye dental".split()
)
TAXONOMIES = {
    "family": "207Q00000X", "internal": "207R00000X", "orthopedics": "207X00000X", "dermatology": "207N00000X",
    "therapy": "225100000X", "radiology": "2085R0202X", "emergency": "207P00000X", "oncology": "207RX0202X",
    "gastro": "207RG0100X", "surgery": "208600000X", "eye": "207W00000X", "dental": "122300000X",
}  # fmt: skip


def npi(number: int) -> str:
    """A fictional NPI from a running number: the CMS check digit makes it well-formed, not real."""
    digits = f"1999{number:05d}"
    total = 24  # what the issuer prefix 80840 adds
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{digits}{-total % 10}"


def clinician(specialty: str, which: int) -> tuple[str, str, str]:
    """(last name, first name, NPI) of one of three clinicians of a specialty."""
    number = SPECIALTIES.index(specialty) * 3 + which
    return f"TESTDOCTOR-{number + 1:02d}", specialty.upper(), npi(100 + number)
