"""Tests of order sources."""
