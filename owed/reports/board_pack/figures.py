"""The figures of a month, selected from the snapshot; sums of published columns and nothing else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from owed.errors import WrongUseError
from owed.reports.stamp import Stamp

HEADLINES = (
    "cash_collected",
    "net_days_in_ar",
    "ar_over_90_percent",
    "initial_denial_rate",
    "underpayment_amount",
    "overpayment_amount",
    "net_collection_rate",
    "credit_balance_amount",
)

_KPIS = """
    with months as (
        select kpi_id, period_month, value, not_computable_reason from marts.fct_kpis where payer_id = 'ALL'
    )
    select
        kpis.kpi_id, kpis.kpi_name, kpis.map_key, kpis.definition, kpis.date_basis, kpis.unit, kpis.better_when,
        now.value, now.not_computable_reason, before.value as prior_month_value, year_before.value as prior_year_value,
        kpis.target_low, kpis.target_high, kpis.benchmark_low, kpis.benchmark_high, kpis.benchmark_basis,
        kpis.benchmark_source, kpis.benchmark_year
    from marts.dim_kpis as kpis
    left join months as now on kpis.kpi_id = now.kpi_id and now.period_month = $month
    left join months as before on kpis.kpi_id = before.kpi_id and before.period_month = $prior_month
    left join months as year_before on kpis.kpi_id = year_before.kpi_id and year_before.period_month = $prior_year
    order by kpis.kpi_id
"""
_TREND = """
    select kpi_id, period_month, value from marts.fct_kpis
    where payer_id = 'ALL' and period_month > $prior_year and period_month <= $month
        and kpi_id in ('underpayment_amount', 'overpayment_amount', 'cash_collected')
    order by kpi_id, period_month
"""
_VARIANCES = """
    select
        payers.payer_name, variances.root_cause, variances.variance_class,
        count(*) as line_count, count(distinct variances.claim_key) as claim_count,
        sum(abs(variances.variance_amount)) as amount
    from marts.fct_payment_variances as variances
    left join marts.dim_payers as payers on variances.payer_id = payers.payer_id
    where variances.variance_class in ('underpaid', 'overpaid')
        and coalesce(variances.root_cause, '') <> 'contract_load_suspect'
        and variances.remit_date >= $month and variances.remit_date < $next_month
    group by all
    order by variances.variance_class desc, amount desc, payer_name, root_cause
"""
_DENIALS = """
    select denial_category, count(*) as row_count, sum(denied_amount) as denied_amount,
        sum(case when is_initial then denied_amount else 0 end) as initial_amount,
        sum(case when is_preventable then denied_amount else 0 end) as preventable_amount
    from marts.fct_denials
    where denial_date >= $month and denial_date < $next_month
    group by all
    order by denied_amount desc, denial_category
"""
_AGING = """
    select responsibility, aging_bucket, sum(balance_amount) as amount
    from marts.fct_ar_aging where as_of_date = $month_end
    group by all
    order by responsibility, aging_bucket
"""
_ROLLFORWARD = """
    select payer_class, opening, charges, payer_payments, patient_payments, contractual, denial_write_offs, bad_debt,
        charity, other_adjustments, refunds, closing
    from marts.fct_ar_rollforward where period_month = $month
    order by payer_class
"""
_CREDITS = """
    select cause, owner, count(*) as account_count, sum(credit_amount) as amount,
        sum(case when is_true_overpayment then least(credit_amount, evidence_amount) else 0 end) as to_refund_amount,
        min(refund_due_date) as first_due_date
    from marts.fct_credit_balances
    group by all
    order by amount desc, cause, owner
"""
_PATIENTS = """
    select dunning_stage, count(*) as account_count, sum(balance_amount) as amount,
        sum(case when is_agency_eligible then balance_amount else 0 end) as agency_eligible_amount
    from marts.fct_patient_balances
    group by all
    order by amount desc, dunning_stage
"""
_FILES = "select status, count(*) as file_count from marts.rpt_files group by all order by status"
_QUERIES = {
    "kpis": _KPIS,
    "trend": _TREND,
    "variances": _VARIANCES,
    "denials": _DENIALS,
    "aging": _AGING,
    "rollforward": _ROLLFORWARD,
    "credits": _CREDITS,
    "patients": _PATIENTS,
    "files": _FILES,
}


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def month_start(month: str | None, as_of: date) -> date:
    """The first day of `month` (2025-09), or of the newest month that is over on the as-of date."""
    first = as_of.replace(day=1)
    if month is None:
        is_over = next_month(first) - timedelta(days=1) == as_of
        return first if is_over else (first - timedelta(days=1)).replace(day=1)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise WrongUseError(f"{month} is no month: write it as 2025-09.")
    wanted = date(int(month[:4]), int(month[5:]), 1)
    if next_month(wanted) - timedelta(days=1) > as_of:
        raise WrongUseError(f"{month} is not over on the as-of date {as_of}: a board pack is of a closed month.")
    return wanted


def collect(con: duckdb.DuckDBPyConnection, stamp: Stamp, first: date) -> dict[str, Any]:
    """Every table of the pack as lists of dictionaries, with the month and the stamp."""
    following = next_month(first)
    values = {
        "month": first,
        "next_month": following,
        "month_end": following - timedelta(days=1),
        "prior_month": (first - timedelta(days=1)).replace(day=1),
        "prior_year": first.replace(year=first.year - 1),
    }
    data: dict[str, Any] = {
        "month": first.strftime("%B %Y"),
        "month_end": values["month_end"],
        "as_of": stamp.as_of,
        "build": stamp.build,
        "headlines": list(HEADLINES),
        "changes": [],
    }
    for name, sql in _QUERIES.items():
        wanted = {key: value for key, value in values.items() if re.search(rf"\${key}\b", sql)}
        cursor = con.execute(sql, wanted)
        columns = [column[0] for column in cursor.description or []]
        data[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    if not any(row["value"] is not None for row in data["kpis"]):
        raise WrongUseError(f"There are no figures for {data['month']}: nothing was posted by then.")
    return data


def changes(kept: dict[str, Any], fresh: dict[str, Any]) -> list[dict[str, Any]]:
    """KPIs whose value is another now than when the month was frozen."""
    now = {row["kpi_id"]: row["value"] for row in fresh["kpis"]}
    differing = []
    for row in kept["kpis"]:
        then, later = row["value"], now.get(row["kpi_id"])
        if (then is None) != (later is None) or (then and later and Decimal(then) != Decimal(later)):
            differing.append({"kpi_name": row["kpi_name"], "unit": row["unit"], "frozen": then, "now": later})
    return differing
