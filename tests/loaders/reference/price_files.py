"""Hospital price-transparency files written for tests, and read without a warehouse."""

from __future__ import annotations

import csv
import io

import polars as pl

from loaders.rates.price_transparency.reader import PriceFile
from loaders.source import Finding

HEAD = (
    "hospital_name,last_updated_on,version,location_name,hospital_address,license_number|TX,type_2_npi,"
    '"To the best of its knowledge, and belief",attester_name\n'
    'Example General (fictional),4/1/2026,3.0.0,North|South,"1 Example Way, Nowhere",L-1,0000000001,TRUE,A. Tester\n'
)
COLUMNS = (
    "description,code|1,code|1|type,code|2,code|2|type,modifiers,setting,drug_unit_of_measurement,"
    "drug_type_of_measurement,standard_charge|gross,standard_charge|discounted_cash,payer_name,plan_name,"
    "standard_charge|negotiated_dollar,standard_charge|negotiated_percentage,standard_charge|negotiated_algorithm,"
    "median_amount,10th_percentile,90th_percentile,count,standard_charge|methodology,standard_charge|min,"
    "standard_charge|max,additional_generic_notes"
).split(",")


def tall(*rows: dict[str, str], head: str = HEAD, columns: list[str] = COLUMNS) -> str:
    """A tall file; a row gives what it has under CMS's names, `code` and `type` for the first code."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    short = {"code": "code|1", "type": "code|1|type", "dollar": "standard_charge|negotiated_dollar"}
    short |= {"percent": "standard_charge|negotiated_percentage", "method": "standard_charge|methodology"}
    for row in rows:
        named = {short.get(key, key): value for key, value in row.items()}
        writer.writerow([named.get(name, "") for name in columns])
    return head + text.getvalue()


def visit(**other: str) -> dict[str, str]:
    row = {"description": "A visit", "code": "99213", "type": "CPT", "setting": "outpatient", "method": "fee schedule"}
    return row | {"payer_name": "Northfield Health (fictional)", "plan_name": "PPO", "dollar": "92.50"} | other


def read(text: str | bytes) -> tuple[pl.DataFrame, pl.DataFrame, PriceFile]:
    file = PriceFile(io.BytesIO(text.encode() if isinstance(text, str) else text))
    batches = list(file.batches())
    return pl.concat([b.charges for b in batches]), pl.concat([b.codes for b in batches]), file


def rules(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.rule, finding.severity) for finding in findings}
