"""Tests of insight.cells."""
