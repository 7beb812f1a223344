"""Inspection of a shop's page: fetched as anybody gets it, and held against what the snippet needs."""
