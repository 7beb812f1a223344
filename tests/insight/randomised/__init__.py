"""Tests of insight.randomised."""
