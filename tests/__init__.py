"""Tests mirror the package; `cast.py` holds the people and things they speak of."""
