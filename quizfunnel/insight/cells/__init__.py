"""Cells: aggregated rows of visitors that are alike, and the SQL that makes them."""
