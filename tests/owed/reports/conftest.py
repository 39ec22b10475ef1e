"""A snapshot by hand: only what the reports read."""

from __future__ import annotations

import duckdb
import pytest


@pytest.fixture
def snapshot() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema marts")
    con.execute(
        "create table marts.rpt_refresh as select date '2025-10-31' as as_of_date, '20251101T010000Z-abc' as build"
    )
    con.execute(
        """
        create table marts.rpt_refund_worklist as select * from (values
            ('k1', 'p1', 'A-1', 'NORTHFIELD', 'Northfield (fictional)', 'duplicate_payment', 'refund', 1,
             80.00::decimal(18, 2), true, date '2025-06-01', date '2025-07-01', date '2025-08-30'),
            ('k2', 'p2', '=cmd|calc', 'NORTHFIELD', 'Northfield (fictional)', 'charge_correction', 'refund', 2,
             20.50::decimal(18, 2), true, date '2025-06-02', date '2025-07-02', date '2025-08-31'),
            ('k3', 'p3', 'A-3', null, null, 'patient_overpayment', 'refund', 3, 5.25::decimal(18, 2),
             true, date '2025-06-03', date '2025-07-03', date '2025-09-01'),
            ('k4', 'p4', 'A-4', 'NORTHFIELD', 'Northfield (fictional)', 'excess_adjustment', 'reverse_adjustment', 4,
             0.00::decimal(18, 2), false, date '2025-06-04', date '2025-07-04', null)
        ) as rows (claim_key, patient_key, claim_id, owner_payer_id, owner_payer_name, cause, recommended_action,
            priority_rank, refund_amount, is_true_overpayment, service_from_date, identified_date, refund_due_date)
        """
    )
    con.execute(
        """
        create table marts.rpt_cms_838 as select * from (values
            (date '2025-09-30', 'k1', '1999000015', 'A', 'TESTPATIENT, A', 'TST1', 'ICN1', '111', date '2025-08-01',
             date '2025-08-03', date '2025-08-20', null, 100.00::decimal(18, 2), 40.00::decimal(18, 2), 'C',
             60.00::decimal(18, 2), '1', null, null),
            (date '2025-06-30', 'k2', '1999000015', 'B', 'TESTPATIENT, B', 'TST2', 'ICN2', '131', date '2025-05-01',
             date '2025-05-01', date '2025-05-20', null, 10.00::decimal(18, 2), 0.00::decimal(18, 2), null,
             10.00::decimal(18, 2), '3', null, 'charge correction')
        ) as rows (quarter_end_date, claim_key, provider_npi, medicare_part, beneficiary_name, medicare_beneficiary_id,
            internal_control_number, bill_type, admission_date, discharge_date, paid_date, cost_report_status,
            credit_amount, repaid_amount, repayment_method, outstanding_amount, reason_code, value_code,
            primary_payer_or_explanation)
        """
    )
    con.execute(
        """
        create table marts.fct_claims as select * from (values
            ('medicare', 'claim', '1999000015', date '2025-05-01'),
            ('medicare', 'claim', '1999000023', date '2025-05-01'),
            ('commercial', 'claim', '1999000031', date '2025-05-01')
        ) as rows (payer_class, origin, billing_npi, first_submitted_date)
        """
    )
    return con
