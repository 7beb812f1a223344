"""Tests of insight.report."""
