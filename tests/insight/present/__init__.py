"""Tests of insight.present."""
