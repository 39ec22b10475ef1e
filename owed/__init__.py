"""The command line and the refresh job: lock, run ledger, build, gates, publish, rollback, reports."""

__version__ = "0.1.0"
