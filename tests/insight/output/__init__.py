"""Tests of insight.output."""
