"""A sample site: a fictional provider's claims, remittances, contracts and account transactions, with the truth."""

from owed.sample.generator import SampleSummary, generate

__all__ = ["SampleSummary", "generate"]
