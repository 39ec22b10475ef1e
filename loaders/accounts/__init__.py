"""The provider's own records: `payers.csv` and `account_transactions.csv`."""
