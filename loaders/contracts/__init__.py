"""Contracts: `*.contract.yaml` to rows of `raw.contracts` and its child tables."""
