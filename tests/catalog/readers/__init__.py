"""Tests of catalogue readers."""
