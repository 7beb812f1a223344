"""Tests of recommend.serving."""
