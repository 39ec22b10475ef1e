"""Where claims of a setting are recognised: type of bill (NUBC) or place of service (CMS)."""

from __future__ import annotations

from collections.abc import Sequence

Match = dict[str, Sequence[str]]

INPATIENT_BILLS = ("11", "18", "21", "28", "41", "65", "66", "86")
OUTPATIENT_BILLS = ("12-14", "22-23", "34", "43", "71-77", "83", "85")
# Places of service that take a facility rate (INTERFACE rule 4); in these of them the patient stays.
FACILITY_PLACES = ("19", "21", "22", "23", "24", "26", "31", "34", "41", "42", "51", "52", "53", "56", "61")
INPATIENT_PLACES = ("21", "31", "51", "61")

INPATIENT_STAY: Match = {"bill_type": INPATIENT_BILLS}
OUTPATIENT_CLAIM: Match = {"bill_type": OUTPATIENT_BILLS}
SETTING_MATCH: dict[str, dict[str, Match]] = {
    "institutional": {"inpatient": INPATIENT_STAY, "outpatient": OUTPATIENT_CLAIM},
    "professional": {
        "inpatient": {"place_of_service": INPATIENT_PLACES},
        "outpatient": {"place_of_service": tuple(place for place in FACILITY_PLACES if place not in INPATIENT_PLACES)},
    },
}
