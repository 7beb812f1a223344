"""Tests of insight.setup."""
