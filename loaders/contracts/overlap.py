"""Two contracts that would both price the same claim: refused, since neither is more right than the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import duckdb

from loaders.contracts.model import Contract


@dataclass(frozen=True)
class Scope:
    """What a contract covers. Empty sets: any; `end` None: open. Tax ids and NPIs limit independently."""

    contract_id: str
    file_name: str
    payer_id: str
    start: date
    end: date | None
    claim_types: frozenset[str]
    products: frozenset[str]
    tax_ids: frozenset[str]
    npis: frozenset[str]

    def overlaps(self, other: Scope) -> bool:
        return (
            self.payer_id.upper() == other.payer_id.upper()
            and self.start <= (other.end or date.max)
            and other.start <= (self.end or date.max)
            and bool(self.claim_types & other.claim_types)
            and _meet(self.products, other.products)
            and _meet(self.tax_ids, other.tax_ids)
            and _meet(self.npis, other.npis)
        )

    def period(self) -> str:
        return f"{self.start} to {self.end}" if self.end else f"{self.start} on"


def scope_of(contract: Contract, file_name: str) -> Scope:
    return Scope(
        contract.contract,
        file_name,
        contract.payer,
        contract.effective.start,
        contract.effective.end,
        frozenset(contract.claim_types),
        frozenset(contract.products),
        frozenset(contract.providers.tax_ids),
        frozenset(contract.providers.npis),
    )


def scopes_in_force(con: duckdb.DuckDBPyConnection) -> Iterator[Scope]:
    """Scopes of the contracts in force. A file's earlier content no longer is while its new content is loaded."""
    heads = con.execute(
        """
        select
            contracts.contract_id, files.file_name, contracts.payer_id, contracts.effective_from,
            contracts.effective_to, contracts.file_number
        from raw.contracts
        inner join raw.files_in_force on contracts.file_number = files_in_force.file_number
        inner join raw.files on contracts.file_number = files.file_number
        order by files.file_name
        """
    ).fetchall()
    for contract_id, file_name, payer_id, start, end, file_number in heads:
        yield Scope(
            contract_id,
            file_name,
            payer_id,
            start,
            end,
            _values(con, "select claim_type from raw.contract_claim_types where file_number = ?", file_number),
            _values(con, "select product from raw.contract_products where file_number = ?", file_number),
            *(
                _values(
                    con,
                    f"select provider_id from raw.contract_providers where file_number = ? and id_type = '{id_type}'",
                    file_number,
                )
                for id_type in ("tax_id", "npi")
            ),
        )


def _values(con: duckdb.DuckDBPyConnection, query: str, file_number: int) -> frozenset[str]:
    return frozenset(value for (value,) in con.execute(query, [file_number]).fetchall())


def _meet(ours: Collection[str], theirs: Collection[str]) -> bool:
    return not ours or not theirs or bool(set(ours) & set(theirs))
