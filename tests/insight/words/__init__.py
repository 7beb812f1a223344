"""Tests of insight.words."""
