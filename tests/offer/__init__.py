"""Tests of offer."""
