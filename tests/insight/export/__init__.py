"""Tests of insight.export."""
