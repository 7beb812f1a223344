"""Tests of recommend.offpolicy."""
