"""Drafts of contracts for a person to review: from a hospital's price-transparency file, and from remittances."""
