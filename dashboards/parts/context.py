"""What a page run knows: the snapshot's reader, the filters of its address, the as-of date and the names of payers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from dashboards.filters import Filters, add_months
from dashboards.selection import Selection
from dashboards.site import address
from dashboards.snapshot import MissingTableError, Query, Reader, Row

_KEY = "owed_context"


@dataclass(frozen=True)
class Context:
    """One run of one page."""

    page: str
    reader: Reader
    filters: Filters
    as_of: date
    payer_names: dict[str, str]

    def select(self, rowset: str, **narrowed: Any) -> Selection:
        """Rows of a fact under the page's filters."""
        return Selection.of(rowset, self.filters, self.as_of, **narrowed)

    def payer(self, payer_id: str | None) -> str:
        """A payer's name; its id when it has none; words when there is no payer."""
        return "no payer" if payer_id is None else self.payer_names.get(payer_id, payer_id)

    def link(self, page: str, **query: str | None) -> str:
        """An address that keeps the common filters; a None value is left out."""
        return address(page, {**self.filters.to_query(), **{name: text for name, text in query.items() if text}})

    def months(self, selection: Selection) -> list[tuple[date, Decimal | None]]:
        """A selection's figure by month, as charts take it: months without rows since the first one are zero."""
        found = {row["month"]: row["amount"] for row in self.reader.rows(selection.by_month())}
        if not found:
            return []
        last = max(*found, min(self.as_of, self.filters.months(self.as_of)[1]).replace(day=1))
        months = [min(found)]
        while months[-1] < last:
            months.append(add_months(months[-1], 1))
        return [(month, found.get(month, Decimal(0))) for month in months]

    def rows_link(self, selection: Selection) -> str:
        """The address of the rows a figure was made from."""
        return address("rows", selection.to_query())

    def payers_only(self, column: str) -> Query:
        """`where …` for a table without a row set of its own: the payer and class filters on `column`."""
        clauses, values = [], []
        if self.filters.payer:
            clauses.append(f"{column} = ?")
            values.append(self.filters.payer)
        if self.filters.payer_class:
            clauses.append(f"{column} in (select payer_id from marts.dim_payers where payer_class = ?)")
            values.append(self.filters.payer_class)
        return Query(f"where {' and '.join(clauses)}" if clauses else "", tuple(values))

    def claim_ids(self, rows: Sequence[Row]) -> dict[str, str]:
        """Claim key to patient control number, for the few rows a page shows."""
        keys = tuple({row["claim_key"] for row in rows if row.get("claim_key")})
        if not keys:
            return {}
        marks = ", ".join("?" for _ in keys)
        found = self.reader.rows(
            Query(f"select claim_key, claim_id from marts.fct_claims where claim_key in ({marks})", tuple(sorted(keys)))
        )
        return {row["claim_key"]: row["claim_id"] for row in found}

    def claim_link(self, claim_key: str) -> str:
        """The address of one claim: by its key, which says nothing about the patient."""
        return self.link("claim", claim=claim_key)


def enter(context: Context) -> None:
    """Makes the context of this run known to the page."""
    st.session_state[_KEY] = context


def current() -> Context:
    """The context of this run."""
    context: Context = st.session_state[_KEY]
    return context


def claim_of(row: Row) -> str | None:
    """The address of a row's claim: the link of a column."""
    return current().claim_link(row["claim_key"]) if row.get("claim_key") else None


def query_params() -> dict[str, list[str]]:
    """The address's query, name to values."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def here(**changes: str | None) -> str:
    """This page's own address with some parts of its query changed; None takes one out."""
    query: dict[str, str | list[str]] = {**query_params()}
    for name, text in changes.items():
        if text is None:
            query.pop(name, None)
        else:
            query[name] = text
    return address(current().page, query)


def find_as_of(reader: Reader) -> date | None:
    """The as-of date of the snapshot: what the refresh says, else the newest date of the open balances."""
    for sql in (
        "select as_of_date from marts.rpt_refresh where input_fingerprint is not null",
        "select max(as_of_date) as as_of_date from marts.fct_ar_aging",
        "select max(posted_date) as as_of_date from marts.fct_account_ledger",
    ):
        try:
            found = reader.one(Query(sql)).get("as_of_date")
        except MissingTableError:
            continue
        if found is not None:
            return date.fromisoformat(str(found)[:10])
    return None


def payer_names(reader: Reader) -> dict[str, str]:
    """Payer id to name; empty when the snapshot has no payers."""
    try:
        rows = reader.rows(Query("select payer_id, payer_name from marts.dim_payers order by payer_name, payer_id"))
    except MissingTableError:
        return {}
    return {row["payer_id"]: row["payer_name"] or row["payer_id"] for row in rows}
