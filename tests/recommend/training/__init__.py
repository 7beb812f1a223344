"""Tests of recommend.training."""
