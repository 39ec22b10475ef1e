"""How dbt opens the warehouse: the plugin that `profiles.yml` names.

The profile lists the warehouse among what dbt attaches, so that its catalog is known; it is attached here before dbt
would, for two reasons. The key may stand in no profile, since dbt shows and keeps what profiles say. And a build that
broke off is done again from the start, so it needs no log of every statement: what it made is written once, at the end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from owed import encryption


class Plugin(BasePlugin):
    """Attaches the profile's one attachment, with the site's key if it has one, for every cursor to use."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """`conn` is dbt's one connection, to an empty database in memory. Raises `EncryptionError`."""
        profile: Any = self.creds
        (warehouse,) = profile.attach
        encryption.attach(conn, Path(warehouse.path), profile.database, is_logged=False)

    def configure_cursor(self, cursor: DuckDBPyConnection) -> None:
        """`cursor` is one of a thread of dbt's, which begins in the empty database again."""
        profile: Any = self.creds
        cursor.execute(f'use "{profile.database}"')
