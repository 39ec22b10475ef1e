"""Open balances by month and age, as more than one page shows them."""

from __future__ import annotations

from dashboards.filters import Filters
from dashboards.parts.context import Context
from dashboards.selection import Selection
from dashboards.snapshot import Query, Row

BUCKETS = ("0-30", "31-60", "61-90", "91-120", "121-180", "181+")
OLD = BUCKETS[3:]  # more than 90 days


def by_month(context: Context) -> list[Row]:
    """`month, part, value`: open balances by month end and age band over the last twelve months."""
    where = Selection.of("aging", context.filters, context.as_of).where()
    first = Filters("12m").months(context.as_of)[0]
    return context.reader.rows(
        Query(
            "select cast(date_trunc('month', as_of_date) as date) as month, aging_bucket as part,"
            " sum(balance_amount) as value from marts.fct_ar_aging"
            f" {where.sql} {'and' if where.sql else 'where'} as_of_date >= ? and aging_bucket is not null"
            " group by all order by month, part",
            (*where.values, first),
        )
    )
