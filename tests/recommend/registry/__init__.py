"""Tests of recommend.registry."""
