"""What the guides allow beside the everyday: each rare segment in its typed columns and in its loop."""

from __future__ import annotations

import duckdb
import pytest

from loaders.source import LoadResult
from tests.loaders.x12.conftest import Land
from tests.loaders.x12.x12_text import interchange, transaction

REMITTANCE = [
    "BPR*I*1000*C*CHK************20250305",
    "TRN*1*CHECK1*1999999999*UNIT",
    "CUR*PR*USD",
    "DTM*405*20250304",
    "N1*PR*NORTHFIELD HEALTH (FICTIONAL)*XV*NF1",
    "PER*BL*DESK*TE*5550100*EX*12",
    "N1*PE*HARBOR FICTIONAL CLINIC*FI*999000111",
    "RDM*EM**REMITS",
    "LX*1",
    "TS3*1234567893*11*20251231*1*1200*****************900",
    "TS2*500*400*300",
    "CLP*CLAIM-1*2*1200*1000*0*MB*ICN1*11*7*01*470*1.5*0.25",
    "CAS*OA*23*150**94*50*1",
    "NM1*QC*1*TESTPATIENT*ALPHA****MI*M1",
    "NM1*TT*2*NEXT PAYER (FICTIONAL)*****PI*NP1",
    "MIA*3*10.5**1000*N130*5",
    "REF*1L*GROUP1",
    "DTM*050*20250228",
    "AMT*AU*1050",
    "QTY*CA*3",
    "SVC*HC:99214:25:59*1200*1000*0510*2*HC:99215:::::level changed*3",
    "DTM*150*20250210",
    "REF*6R*LINE-1",
    "AMT*B6*1050",
    "QTY*ZK*1.5",
    "LQ*HE*N640",
    "LX*2",
    "CLP*CLAIM-2*4*50*0*0*12*ICN2",
    "CAS*CO*29*50",
    "MOA*0.75*20*MA01*MA18",
    "PLB*1234567893*20251231*WO:ICN0*-25*FB:NEXT*25",
]
CLAIM = [
    "BHT*0019*00*REF1*20250302*1200*CH",
    "NM1*41*2*HARBOR FICTIONAL CLINIC*****46*SUB1",
    "NM1*40*2*CLEARINGHOUSE*****46*REC1",
    "HL*1**20*1",
    "PRV*BI*PXC*207Q00000X",
    "NM1*85*2*HARBOR FICTIONAL CLINIC*****XX*1234567893",
    "NM1*87*2*HARBOR PAY-TO (FICTIONAL)",
    "HL*2*1*22*1",
    "SBR*S**GROUP1*PLAN ONE*****MB",
    "NM1*IL*1*TESTPARENT*BETA****MI*M1",
    "NM1*PR*2*NORTHFIELD HEALTH (FICTIONAL)*****PI*NF1",
    "HL*3*2*23*0",
    "PAT*19",
    "NM1*QC*1*TESTPATIENT*ALPHA",
    "CLM*CLAIM-1*1200***13:A:7**A*Y*Y",
    "DTP*434*RD8*20250201-20250203",
    "CL1*1*7*01",
    "PWK*OZ*BM***AC*CONTROL1",
    "CN1*02*550*10*CODE*5*V1",
    "REF*F8*ICN0",
    "K3*STATE DATA",
    "NTE*ADD*A NOTE",
    "HI*ABK:J209:::::::Y",
    "HI*BH:11:D8:20250201*BE:80:::3",
    "HI*DR:470",
    "NM1*71*1*ATTENDING*FICTIONAL****XX*1999999992",
    "NM1*77*2*SERVICE PLACE (FICTIONAL)*****XX*1888888881",
    "SBR*P*18*GROUP0******CI",
    "CAS*CO*45*100",
    "AMT*D*700",
    "OI***Y***Y",
    "NM1*IL*1*TESTPARENT*BETA****MI*M0",
    "NM1*PR*2*FIRST PAYER (FICTIONAL)*****PI*FP1",
    "DTP*573*D8*20250225",
    "LX*1",
    "SV2*0250*HC:J1885:JW*1200*UN*3",
    "DTP*472*D8*20250202",
    "AMT*GT*12.5",
    "LIN**N4*00000000001",
    "CTP****2.5*ML",
    "REF*XZ*RX1",
    "NM1*82*1*DOCTOR*FICTIONAL****XX*1777777770",
    "SVD*FP1*700*HC:J1885:JW*0250*3*1",
    "CAS*PR*1*400**2*100",
    "DTP*573*D8*20250225",
    "AMT*EAF*500",
]


@pytest.fixture
def landed(con: duckdb.DuckDBPyConnection, land: Land) -> duckdb.DuckDBPyConnection:
    remittance = interchange(transaction("835", REMITTANCE))
    claim = interchange(transaction("837", CLAIM, version="005010X223A2"), version="005010X223A2")
    outcomes = land({"a.835": remittance.encode(), "b.837": claim.encode()})
    assert all(isinstance(outcome, LoadResult) and not outcome.findings for outcome in outcomes.values()), outcomes
    assert con.execute("SELECT count(*) FROM raw.x12_unmapped_segments").fetchone() == (0,)
    return con


# Segment numbers: ISA and GS are 1 and 2 and ST is 3, so the segment at index n of a list is number n + 4.
CLP_1, CLP_2, SVC_1 = (
    4 + REMITTANCE.index(next(segment for segment in REMITTANCE if segment.startswith(start)))
    for start in ("CLP*CLAIM-1", "CLP*CLAIM-2", "SVC*")
)
CLM, LX, SVD = (
    4 + CLAIM.index(next(segment for segment in CLAIM if segment.startswith(start)))
    for start in ("CLM*", "LX*", "SVD*")
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT claim_count, charge_amount, patient_reimbursement_amount FROM raw.x12_ts3", [(1, 1200, 900)]),
        ("SELECT drg_amount, hospital_specific_amount FROM raw.x12_ts2", [(500, 300)]),
        ("SELECT transmission_code, communication_number FROM raw.x12_rdm", [("EM", "REMITS")]),
        ("SELECT loop FROM raw.x12_per", [("1000A",)]),
        (
            (
                "SELECT claim_id, filing_code, frequency_code, patient_status, drg, CAST(drg_weight AS DOUBLE) "
                "FROM raw.x12_clp ORDER BY 1"
            ),
            [("CLAIM-1", "MB", "7", "01", "470", 1.5), ("CLAIM-2", "12", None, None, None, None)],
        ),
        (
            (
                "SELECT loop, claim_number, line_number, group_code, reason_code_2, amount_2, quantity_2 "
                "FROM raw.x12_cas WHERE file_number = 1 ORDER BY segment_number"
            ),
            [("2100", CLP_1, None, "OA", "94", 50, 1), ("2100", CLP_2, None, "CO", None, None, None)],
        ),
        ("SELECT covered_days, drg_amount, remark_code_1 FROM raw.x12_mia", [(3, 1000, "N130")]),
        ("SELECT claim_number, hcpcs_payable_amount, remark_code_2 FROM raw.x12_moa", [(CLP_2, 20, "MA18")]),
        (
            (
                "SELECT procedure_modifier_2, revenue_code, units, original_procedure_code, "
                "original_procedure_description, original_units FROM raw.x12_svc"
            ),
            [("59", "0510", 2, "99215", "level changed", 3)],
        ),
        ("SELECT loop, line_number, code FROM raw.x12_lq", [("2110", SVC_1, "N640")]),
        (
            "SELECT loop, qualifier, CAST(quantity AS DOUBLE) FROM raw.x12_qty ORDER BY segment_number",
            [("2100", "CA", 3.0), ("2110", "ZK", 1.5)],
        ),
        (
            (
                "SELECT adjustment_1_code, adjustment_1_reference_id, amount_1, adjustment_2_code, amount_2 "
                "FROM raw.x12_plb"
            ),
            [("WO", "ICN0", -25, "FB", 25)],
        ),
    ],
)
def test_remittance(landed: duckdb.DuckDBPyConnection, query: str, expected: list[tuple[object, ...]]) -> None:
    assert landed.execute(query).fetchall() == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT loop, entity FROM raw.x12_nm1 WHERE file_number = 2 ORDER BY segment_number",
            [
                ("1000A", "41"),
                ("1000B", "40"),
                ("2010AA", "85"),
                ("2010AB", "87"),
                ("2010BA", "IL"),
                ("2010BB", "PR"),
                ("2010CA", "QC"),
                ("2310", "71"),
                ("2310", "77"),
                ("2330", "IL"),
                ("2330", "PR"),
                ("2420", "82"),
            ],
        ),
        (
            "SELECT loop, payer_sequence, claim_number FROM raw.x12_sbr ORDER BY segment_number",
            [("2000B", "S", None), ("2320", "P", CLM)],
        ),
        (
            "SELECT location_facility_code, location_qualifier, location_frequency_code FROM raw.x12_clm",
            [("13", "A", "7")],
        ),
        ("SELECT loop, value FROM raw.x12_ref WHERE qualifier = 'F8'", [("2300", "ICN0")]),
        ("SELECT contract_type, amount, percent, code FROM raw.x12_cn1", [("02", 550, 10, "CODE")]),
        ("SELECT report_type, transmission_code, control_number FROM raw.x12_pwk", [("OZ", "BM", "CONTROL1")]),
        ("SELECT fixed_format FROM raw.x12_k3", [("STATE DATA",)]),
        ("SELECT description FROM raw.x12_nte", [("A NOTE",)]),
        ("SELECT admission_type, admission_source, patient_status FROM raw.x12_cl1", [("1", "7", "01")]),
        (
            (
                "SELECT code_1_qualifier, code_1_code, code_1_date_value, code_1_present_on_admission, "
                "code_2_quantity, code_2_amount FROM raw.x12_hi ORDER BY segment_number"
            ),
            [
                ("ABK", "J209", None, "Y", None, None),
                ("BH", "11", "20250201", None, None, "3"),
                ("DR", "470", None, None, None, None),
            ],
        ),
        (
            (
                "SELECT loop, claim_number, line_number, owner_number, amount_1, amount_2 FROM raw.x12_cas "
                "WHERE file_number = 2 ORDER BY segment_number"
            ),
            [("2320", CLM, None, LX - 7, 100, None), ("2430", CLM, LX, SVD, 400, 100)],
        ),
        ("SELECT revenue_code, procedure_modifier_1, units FROM raw.x12_sv2", [("0250", "JW", 3)]),
        ("SELECT loop, product_id FROM raw.x12_lin", [("2410", "00000000001")]),
        ("SELECT loop, CAST(quantity AS DOUBLE), unit_code FROM raw.x12_ctp", [("2410", 2.5, "ML")]),
        ("SELECT payer_id, paid_amount, revenue_code, bundled_line FROM raw.x12_svd", [("FP1", 700, "0250", "1")]),
        (
            "SELECT loop, qualifier, amount FROM raw.x12_amt WHERE file_number = 2 ORDER BY segment_number",
            [("2320", "D", 700), ("2400", "GT", 12.5), ("2430", "EAF", 500)],
        ),
        (
            "SELECT loop, qualifier FROM raw.x12_dtp ORDER BY segment_number",
            [("2300", "434"), ("2330", "573"), ("2400", "472"), ("2430", "573")],
        ),
    ],
)
def test_claim(landed: duckdb.DuckDBPyConnection, query: str, expected: list[tuple[object, ...]]) -> None:
    assert landed.execute(query).fetchall() == expected
