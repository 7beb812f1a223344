"""Tests of visit."""
