"""Migrations of the database: one runner, one script a step. The tables themselves come from schema.py.

A new step: change a tables.py, then `make migration NAME="what a reader gains"`, and read what it wrote:
CHECK constraints and changed meanings are not seen by the comparison and must be written by hand.
"""
