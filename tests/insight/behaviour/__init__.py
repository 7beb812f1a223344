"""Tests of insight.behaviour."""
