"""What is expected of a batch, as one table: the frame's SQL, and its expectations with the sentence a reader gets.

`fail` means the record cannot be used (it goes to quarantine and stays out of the models), `warn` that it is used as
it stands and flagged, `info` that it is unusual. Money is compared in whole cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from loaders.source import Severity

_ADJUSTMENTS = " + ".join(f"coalesce(amount_{n}, 0)" for n in range(1, 7))
_PLB = " + ".join(f"coalesce(amount_{n}, 0)" for n in range(1, 7))


@dataclass(frozen=True)
class Rule:
    """One expectation: `expectation` is the Great Expectations class name, `arguments` its parameters; `doubt` the
    same in SQL, true of the rows it is not met by."""

    name: str
    column: str
    expectation: str
    severity: Severity
    sentence: str
    arguments: dict[str, Any]
    doubt: str


def is_zero(name: str, column: str, sentence: str, severity: Severity = "warn") -> Rule:
    """A difference that must be nil; null means there was nothing to compare."""
    nil = {"min_value": 0, "max_value": 0}
    return Rule(name, column, "ExpectColumnValuesToBeBetween", severity, sentence, nil, f"{column} <> 0")


def is_present(name: str, column: str, sentence: str, severity: Severity = "fail") -> Rule:
    return Rule(name, column, "ExpectColumnValuesToNotBeNull", severity, sentence, {}, f"{column} is null")


def is_one_of(name: str, column: str, values: tuple[str, ...], sentence: str, severity: Severity = "warn") -> Rule:
    listed = ", ".join(f"'{value}'" for value in values)
    known = {"value_set": list(values)}
    return Rule(name, column, "ExpectColumnValuesToBeInSet", severity, sentence, known, f"{column} not in ({listed})")


@dataclass(frozen=True)
class Suite:
    """`sql` gives file_number, transaction_number, segment_number and the columns the rules name, one row for each
    of `tables`; `$low` and `$high` are the range of file numbers in the batch."""

    name: str
    tables: tuple[str, ...]
    sql: str
    rules: tuple[Rule, ...]

    def count_rows(self, con: duckdb.DuckDBPyConnection, low: int, high: int) -> int:
        """How many rows `sql` gives, without its joins."""
        rows = " union all ".join(f"select file_number from raw.{table}" for table in self.tables)
        query = f"select count(*) from ({rows}) where file_number between ? and ?"
        return int(con.execute(query, [low, high]).fetchall()[0][0])

    @property
    def doubtful_sql(self) -> str:
        """The rows that some rule is not met by, with what the rules need of them."""
        columns = dict.fromkeys(
            ["file_number", "transaction_number", "segment_number", *(r.column for r in self.rules)]
        )
        doubts = " or ".join(rule.doubt for rule in self.rules)
        return f"select {', '.join(columns)} from ({self.sql}) where {doubts}"


TRANSACTIONS = Suite(
    "transactions",
    ("x12_transactions",),
    """
    with ends as (
        select file_number, transaction_number, segment_number, segment_count, control_number
        from raw.x12_se where file_number between $low and $high
    ),
    claims as (
        select file_number, transaction_number, sum(paid_amount) as paid_amount, count(*) as claim_count
        from raw.x12_clp where file_number between $low and $high group by all
        union all
        select file_number, transaction_number, null, count(*)
        from raw.x12_clm where file_number between $low and $high group by all
    ),
    payments as (
        select file_number, transaction_number,
            min(case when credit_debit = 'D' then -abs(payment_amount) else payment_amount end) as payment_amount
        from raw.x12_bpr where file_number between $low and $high group by all
    ),
    provider_adjustments as (
        select file_number, transaction_number, sum("""
    + _PLB
    + """) as amount
        from raw.x12_plb where file_number between $low and $high group by all
    )
    select
        starts.file_number, starts.transaction_number, starts.segment_number,
        cast(coalesce(ends.segment_count, 0) - (ends.segment_number - starts.segment_number + 1) as hugeint)
            as segment_count_difference,
        case when trim(starts.control_number) = trim(ends.control_number) then 0 else 1 end
            as control_number_difference,
        claims.claim_count,
        cast(100 * (
            payments.payment_amount - coalesce(claims.paid_amount, 0) + coalesce(provider_adjustments.amount, 0)
        ) as hugeint) as balance_difference,
        case when starts.transaction_type = '835' and payments.payment_amount is null then null else 0 end
            as has_payment
    from raw.x12_st as starts
    inner join raw.x12_transactions using (file_number, transaction_number)
    left join ends using (file_number, transaction_number)
    left join claims using (file_number, transaction_number)
    left join payments using (file_number, transaction_number)
    left join provider_adjustments using (file_number, transaction_number)
    where starts.file_number between $low and $high
    """,
    (
        is_zero(
            "se01_segment_count", "segment_count_difference", "SE01 does not count the segments of its transaction"
        ),
        is_zero("st02_se02_control_number", "control_number_difference", "SE02 is not the control number of ST02"),
        is_present("transaction_without_claims", "claim_count", "the transaction holds no claim", "info"),
        is_present("payment_missing", "has_payment", "the 835 has no BPR, or BPR02 is not an amount", "fail"),
        is_zero(
            "remittance_balance", "balance_difference", "BPR02 is not the claim payments less provider adjustments"
        ),
    ),
)

ENVELOPES = Suite(
    "envelopes",
    ("x12_isa", "x12_gs"),
    """
    with interchanges as (
        select file_number, segment_number, trim(control_number) as control_number,
            lead(segment_number, 1, 2147483647) over (partition by file_number order by segment_number) as next_number
        from raw.x12_isa where file_number between $low and $high
    ),
    groups as (
        select file_number, segment_number, trim(control_number) as control_number,
            lead(segment_number, 1, 2147483647) over (partition by file_number order by segment_number) as next_number
        from raw.x12_gs where file_number between $low and $high
    )
    select
        interchanges.file_number, cast(null as integer) as transaction_number, interchanges.segment_number,
        case when trailers.control_number is null then null else 0 end as has_trailer,
        case when trim(trailers.control_number) = interchanges.control_number then 0 else 1 end
            as control_number_difference,
        cast(trailers.group_count - (
            select count(*) from raw.x12_gs as counted where counted.file_number = interchanges.file_number
                and counted.segment_number between interchanges.segment_number and interchanges.next_number
        ) as hugeint) as count_difference
    from interchanges
    left join raw.x12_iea as trailers
        on trailers.file_number = interchanges.file_number
        and trailers.segment_number > interchanges.segment_number and trailers.segment_number < interchanges.next_number
    union all
    select
        groups.file_number, null, groups.segment_number,
        0,
        case when trim(trailers.control_number) = groups.control_number then 0 else 1 end,
        cast(trailers.transaction_count - (
            select count(*) from raw.x12_st as counted where counted.file_number = groups.file_number
                and counted.segment_number between groups.segment_number and groups.next_number
        ) as hugeint)
    from groups
    left join raw.x12_ge as trailers
        on trailers.file_number = groups.file_number
        and trailers.segment_number > groups.segment_number and trailers.segment_number < groups.next_number
    """,
    (
        is_present("interchange_without_trailer", "has_trailer", "the interchange has no IEA", "warn"),
        is_zero(
            "envelope_control_number", "control_number_difference", "the trailer's control number is not the header's"
        ),
        is_zero("envelope_count", "count_difference", "GE01 or IEA01 does not count what the envelope holds"),
    ),
)

REMITTANCE_CLAIMS = Suite(
    "remittance_claims",
    ("x12_clp",),
    """
    with adjustments as (
        select file_number, claim_number, sum("""
    + _ADJUSTMENTS
    + """) as amount
        from raw.x12_cas where file_number between $low and $high and loop in ('2100', '2110') group by all
    ),
    services as (
        select file_number, claim_number, sum(charge_amount) as charge_amount
        from raw.x12_svc where file_number between $low and $high group by all
    )
    select
        claims.file_number, claims.transaction_number, claims.segment_number,
        claims.claim_id, claims.status_code, claims.charge_amount, claims.paid_amount,
        cast(100 * (
            claims.charge_amount - claims.paid_amount - coalesce(adjustments.amount, 0)
        ) as hugeint) as balance_difference,
        cast(100 * (claims.charge_amount - services.charge_amount) as hugeint) as service_charge_difference
    from raw.x12_clp as claims
    left join adjustments
        on adjustments.file_number = claims.file_number and adjustments.claim_number = claims.segment_number
    left join services on services.file_number = claims.file_number and services.claim_number = claims.segment_number
    where claims.file_number between $low and $high
    """,
    (
        is_present("claim_id_missing", "claim_id", "CLP01, the patient control number, is empty"),
        is_present("charge_not_an_amount", "charge_amount", "CLP03, the charge, is empty or not an amount"),
        is_present("payment_not_an_amount", "paid_amount", "CLP04, the payment, is empty or not an amount"),
        is_one_of(
            "claim_status_code",
            "status_code",
            ("1", "2", "3", "4", "19", "20", "21", "22", "23", "25"),
            "CLP02 is not a claim status code of the guide",
        ),
        is_zero("claim_balance", "balance_difference", "CLP03 less all adjustments is not CLP04"),
        is_zero(
            "claim_service_charges", "service_charge_difference", "the service charges do not add up to CLP03", "info"
        ),
    ),
)

REMITTANCE_SERVICES = Suite(
    "remittance_services",
    ("x12_svc",),
    """
    with adjustments as (
        select file_number, line_number, sum("""
    + _ADJUSTMENTS
    + """) as amount
        from raw.x12_cas where file_number between $low and $high and loop = '2110' group by all
    )
    select
        services.file_number, services.transaction_number, services.segment_number,
        cast(100 * (
            services.charge_amount - coalesce(services.paid_amount, 0) - coalesce(adjustments.amount, 0)
        ) as hugeint) as balance_difference,
        services.charge_amount
    from raw.x12_svc as services
    left join adjustments
        on adjustments.file_number = services.file_number and adjustments.line_number = services.segment_number
    where services.file_number between $low and $high
    """,
    (
        is_present(
            "service_charge_not_an_amount", "charge_amount", "SVC02, the charge, is empty or not an amount", "warn"
        ),
        is_zero("service_balance", "balance_difference", "SVC02 less the line's adjustments is not SVC03"),
    ),
)

ADJUSTMENTS = Suite(
    "adjustments",
    ("x12_cas",),
    """
    select file_number, transaction_number, segment_number, group_code
    from raw.x12_cas where file_number between $low and $high
    """,
    (
        is_one_of(
            "adjustment_group_code",
            "group_code",
            ("CO", "PR", "OA", "PI", "CR"),
            "CAS01 is not an adjustment group code of the guide",
        ),
    ),
)

CLAIMS = Suite(
    "claims",
    ("x12_clm",),
    """
    with charges as (
        select file_number, claim_number, charge_amount from raw.x12_sv1 where file_number between $low and $high
        union all
        select file_number, claim_number, charge_amount from raw.x12_sv2 where file_number between $low and $high
        union all
        select file_number, claim_number, charge_amount from raw.x12_sv3 where file_number between $low and $high
    ),
    lines as (
        select file_number, claim_number, count(*) as line_count, sum(charge_amount) as charge_amount
        from charges group by all
    )
    select
        claims.file_number, claims.transaction_number, claims.segment_number,
        claims.claim_id, claims.charge_amount, lines.line_count,
        cast(100 * (claims.charge_amount - lines.charge_amount) as hugeint) as line_charge_difference
    from raw.x12_clm as claims
    left join lines on lines.file_number = claims.file_number and lines.claim_number = claims.segment_number
    where claims.file_number between $low and $high
    """,
    (
        is_present("claim_id_missing", "claim_id", "CLM01, the patient control number, is empty"),
        is_present("charge_not_an_amount", "charge_amount", "CLM02, the charge, is empty or not an amount"),
        is_present("claim_without_lines", "line_count", "the claim has no service line", "warn"),
        is_zero("claim_line_charges", "line_charge_difference", "the line charges do not add up to CLM02"),
    ),
)

SUITES = (ENVELOPES, TRANSACTIONS, REMITTANCE_CLAIMS, REMITTANCE_SERVICES, ADJUSTMENTS, CLAIMS)
