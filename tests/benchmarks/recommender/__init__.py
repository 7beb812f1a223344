"""Tests of the comparison on real choices."""
