"""Which of our payers a name means, as the published snapshot lists them."""

from __future__ import annotations

import duckdb


def payer_id_of(con: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """The id of the payer with this id or name, case and underscores for blanks aside; None unless it is one."""
    rows = con.execute(
        """
        select distinct payer_id from marts.dim_payers
        where upper(payer_id) = upper(trim($name))
            or upper(replace(payer_name, '_', ' ')) = upper(trim(replace($name, '_', ' ')))
        """,
        {"name": name},
    ).fetchall()
    return str(rows[0][0]) if len(rows) == 1 else None
