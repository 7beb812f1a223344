"""Tests of staff access."""
