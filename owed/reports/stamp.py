"""What every report says of itself: the day it speaks for and the build it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from owed.errors import WrongUseError


@dataclass(frozen=True)
class Stamp:
    as_of: date
    build: str


def stamp_of(connection: duckdb.DuckDBPyConnection) -> Stamp:
    """The stamp of an open snapshot."""
    row = connection.execute("select as_of_date, build from marts.rpt_refresh order by build desc limit 1").fetchone()
    if row is None:
        raise WrongUseError("The snapshot does not say when it was made: run `owed refresh`.")
    return Stamp(*row)
