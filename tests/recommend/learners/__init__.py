"""Tests of recommend.learners."""
