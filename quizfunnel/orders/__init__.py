"""Purchases: an inbox that keeps every body, and a ledger that any order of events leaves the same."""
