"""A choice of published rows: a fact, the common filters and the values a link narrows it to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dashboards.filters import Filters
from dashboards.labels import kind, plain
from dashboards.rowsets import ROWSETS, RowSet
from dashboards.snapshot import Query

NULL = "~"
ROWS = "rows"
PREFIX = "f."
NOT_PREFIX = "not."


@dataclass(frozen=True)
class Selection:
    """Rows of one fact. `narrowed` maps a column to the texts it may equal; NULL stands for an unknown value."""

    rowset: RowSet
    filters: Filters
    as_of: date
    narrowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    summed: str | None = None

    @property
    def measure(self) -> str | None:
        """The money column that the figure is the sum of; None when it counts rows."""
        name = self.summed or self.rowset.measure
        return None if name is None or name == ROWS or not self.has_total(name) else name

    def has_total(self, measure: str) -> bool:
        """Whether these rows may be added up: never under- with overpaid, nor credit balances with receivables."""
        for apart in self.rowset.apart:
            if apart.measure == measure:
                chosen = [self.narrowed[name] for name in apart.columns if name in self.narrowed]
                return any(len(texts) == 1 or not apart.is_single for texts in chosen)
        return True

    @classmethod
    def of(cls, key: str, filters: Filters, as_of: date, **narrowed: Any) -> Selection:
        """Rows of the fact `key`; each keyword is a column with a value, several values, or None for unknown."""
        return cls(ROWSETS[key], filters, as_of).narrow(**narrowed)

    def narrow(self, **narrowed: Any) -> Selection:
        """The same rows, fewer: each keyword is a column of the fact's `by` list."""
        return replace(self, narrowed={**self.narrowed, **self._checked(narrowed)})

    def besides(self, **excluded: Any) -> Selection:
        """The same rows without those whose column has that value; rows where it is unknown stay."""
        return replace(self, excluded={**self.excluded, **self._checked(excluded)})

    def summing(self, measure: str) -> Selection:
        """The same rows, for a figure that is the sum of another of their money columns, or (ROWS) their number."""
        if measure != ROWS and measure not in self.rowset.measures:
            raise ValueError(f"{self.rowset.key} has no money column {measure}")
        return replace(self, summed=measure)

    def without(self, column: str) -> Selection:
        """The same rows and those that were left out because of one column."""
        narrowed, excluded = (
            {name: texts for name, texts in chosen.items() if name != column}
            for chosen in (self.narrowed, self.excluded)
        )
        return replace(self, narrowed=narrowed, excluded=excluded)

    def _checked(self, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        for column in values:
            if column not in self.rowset.by:
                raise ValueError(f"{self.rowset.key} cannot be selected by {column}")
        return {name: _texts(value) for name, value in values.items()}

    def to_query(self) -> dict[str, str | list[str]]:
        """The address's part that names these rows."""
        chosen: dict[str, str | list[str]] = {"set": self.rowset.key, **self.filters.to_query()}
        for column, texts in self.narrowed.items():
            chosen[PREFIX + column] = list(texts)
        for column, texts in self.excluded.items():
            chosen[NOT_PREFIX + column] = list(texts)
        if self.summed:
            chosen["sum"] = self.summed
        return chosen

    @classmethod
    def from_query(cls, query: Mapping[str, list[str]], filters: Filters, as_of: date) -> Selection | None:
        """The selection an address names; None when it names no fact. What may not be selected by is left out."""
        rowset = ROWSETS.get((query.get("set") or [""])[-1])
        if rowset is None:
            return None
        narrowed, excluded = (
            {column: tuple(query[prefix + column]) for column in rowset.by if query.get(prefix + column)}
            for prefix in (PREFIX, NOT_PREFIX)
        )
        summed = (query.get("sum") or [""])[-1]
        return cls(rowset, filters, as_of, narrowed, excluded, summed if summed in {ROWS, *rowset.measures} else None)

    def where(self) -> Query:
        """`where …` with its values; the same for a figure and for the rows behind it."""
        clauses: list[str] = []
        values: list[Any] = []
        for clause, bound in [*self._common(), *self._narrowed()]:
            clauses.append(clause)
            values.extend(bound)
        return Query(f"where {' and '.join(clauses)}" if clauses else "", tuple(values))

    def select(self, columns: str, tail: str = "") -> Query:
        """`select columns from fact where … tail`. `columns` and `tail` are ours, never a reader's text."""
        where = self.where()
        return Query(f"select {columns} from {self.rowset.relation} {where.sql} {tail}", where.values)

    def totals(self) -> Query:
        """One row: `row_count` and `total_amount` (0.00 of no rows; null when the fact has no money)."""
        return self.select(f"count(*) as row_count, {self._amount} as total_amount")

    def claims(self) -> Query:
        """One row: `claim_count`."""
        return self.select("count(distinct claim_key) as claim_count")

    def groups(self, by: Sequence[str], more: Mapping[str, str] | None = None) -> Query:
        """One row a value of the columns `by`: they, `row_count`, `amount` and the aggregates `more` (our SQL)."""
        extra = "".join(f", {sql} as {name}" for name, sql in (more or {}).items())
        names = ", ".join(by)
        return self.select(
            f"{names}, count(*) as row_count, {self._amount} as amount{extra}",
            f"group by {names}",
        )

    @property
    def _amount(self) -> str:
        return f"coalesce(sum({self.measure}), 0.00)" if self.measure else "cast(null as decimal(18, 2))"

    def by_month(self) -> Query:
        """`month, amount`: the figure by month of the fact's date; rows without a date are left out."""
        grouped = self.groups([f"cast(date_trunc('month', {self.rowset.date_column}) as date)"])
        names = "months (month, row_count, amount)"
        return Query(f"select * from ({grouped.sql}) as {names} where month is not null order by month", grouped.values)

    def _common(self) -> Iterable[tuple[str, tuple[Any, ...]]]:
        rowset, filters = self.rowset, self.filters
        if rowset.date_column and filters.period != "all":
            yield f"{rowset.date_column} between ? and ?", filters.months(self.as_of)
        if filters.responsibility and rowset.has_responsibility:
            yield "responsibility = ?", (filters.responsibility,)
        if filters.facility and rowset.has_claim:
            yield f"claim_key in ({_CLAIMS} billing_npi = ?)", (filters.facility,)
        if rowset.payer_column:
            if filters.payer:
                yield f"{rowset.payer_column} = ?", (filters.payer,)
            if filters.payer_class:
                yield f"{rowset.payer_column} in ({_PAYERS})", (filters.payer_class,)
        elif rowset.has_claim:
            if filters.payer:
                yield f"claim_key in ({_CLAIMS} payer_id = ?)", (filters.payer,)
            if filters.payer_class:
                yield f"claim_key in ({_CLAIMS} payer_class = ?)", (filters.payer_class,)

    def _narrowed(self) -> Iterable[tuple[str, tuple[Any, ...]]]:
        for column, texts in self.narrowed.items():
            known = tuple(text for text in texts if text != NULL)
            options = [f"{column} in ({_marks(column, known)})"] if known else []
            if NULL in texts:
                options.append(f"{column} is null")
            yield f"({' or '.join(options)})", known
        for column, texts in self.excluded.items():
            known = tuple(text for text in texts if text != NULL)
            if known:
                yield f"({column} not in ({_marks(column, known)}) or {column} is null)", known
            if NULL in texts:
                yield f"{column} is not null", ()


_CLAIMS = "select claim_key from marts.fct_claims where"
_PAYERS = "select payer_id from marts.dim_payers where payer_class = ?"


def _marks(column: str, texts: tuple[str, ...]) -> str:
    """Question marks of the column's own type, so that the snapshot's order by date can be used; nonsense is null."""
    types = {"date": "date", "flag": "boolean"}
    mark = f"try_cast(? as {types[kind(column)]})" if kind(column) in types else "?"
    return ", ".join(mark for _ in texts)


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, (tuple, list)):
        return tuple(text for item in value for text in _texts(item))
    return (NULL,) if value is None else (plain(value),)
