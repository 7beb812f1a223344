"""Reconciliation: the store's own totals of days beside the ledger's."""
